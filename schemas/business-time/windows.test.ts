import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { businessDayBounds, type CloseoutHistory } from "./business-date.ts";
import { addDays, HOUR_MS, MINUTE_MS } from "./dates.ts";
import { localDateOf, localMinuteOfDay } from "./local-time.ts";
import { allZones, closeoutsNear, moments, seed, zoned } from "./testing/zones.ts";
import {
  hoursOfBusinessDay,
  localHourStartOf,
  slotsOfBusinessDay,
  WINDOW_MS,
  windowStartOf,
} from "./windows.ts";

const midnight: CloseoutHistory = [{ effectiveFrom: "2000-01-01", closeoutMinute: 0 }];

/** Walks back window by window while the clock shows the same hour and runs at the same offset. */
function hourStartWindowByWindow(instantMs: number, zone: string): number {
  const hourOf = (ms: number) => {
    const there = zoned(ms, zone);
    return `${there.offset} ${there.toPlainDate()} ${there.hour}`;
  };
  let startMs = windowStartOf(instantMs, WINDOW_MS);
  while (hourOf(startMs - WINDOW_MS) === hourOf(startMs)) startMs -= WINDOW_MS;
  return startMs;
}

describe("windows", () => {
  test("they are aligned to the epoch, before 1970 too", () => {
    expect(windowStartOf(WINDOW_MS * 3 + 1, WINDOW_MS)).toBe(WINDOW_MS * 3);
    expect(windowStartOf(-1, WINDOW_MS)).toBe(-WINDOW_MS);
  });
});

describe("local hours", () => {
  test("an hour starts where the clock's hour began or the clock changed, on a window's edge", () => {
    fc.assert(
      fc.property(moments, ({ zone, instantMs }) => {
        const startMs = localHourStartOf(instantMs, zone);
        expect(startMs).toBe(hourStartWindowByWindow(instantMs, zone));
        expect(startMs % WINDOW_MS).toBe(0);
        expect(instantMs - startMs).toBeLessThan(HOUR_MS);
        expect(localHourStartOf(startMs, zone)).toBe(startMs);
      }),
      { seed, numRuns: 500 },
    );
  });

  test("in every zone they follow one another, and all instants of a window share their hour", () => {
    const fromMs = Date.UTC(1991 + (seed % 48), seed % 12, 1);
    for (const zone of allZones) {
      let lastMs = localHourStartOf(fromMs, zone);
      for (let slotMs = fromMs; slotMs < fromMs + 31 * 24 * HOUR_MS; slotMs += WINDOW_MS) {
        const startMs = localHourStartOf(slotMs, zone);
        if (startMs !== lastMs && startMs !== slotMs) throw new Error(`${zone} ${slotMs}: a gap`);
        if (localHourStartOf(slotMs + WINDOW_MS - 1, zone) !== startMs) {
          throw new Error(`${zone} ${slotMs}: two hours in a window`);
        }
        lastMs = startMs;
      }
    }
  });

  test("zones at :30 and :45 have their hours there", () => {
    const noonMs = Date.UTC(2024, 5, 1, 12);
    expect(localHourStartOf(noonMs, "Asia/Kolkata")).toBe(noonMs - 30 * MINUTE_MS);
    expect(localHourStartOf(noonMs, "Asia/Kathmandu")).toBe(noonMs - 45 * MINUTE_MS);
    expect(localHourStartOf(noonMs, "Pacific/Chatham")).toBe(noonMs - 45 * MINUTE_MS);
    expect(localHourStartOf(noonMs, "America/St_Johns")).toBe(noonMs - 30 * MINUTE_MS);
  });

  test("an hour that the clock repeats is two hours", () => {
    const [firstMs, secondMs] = [Date.UTC(2024, 9, 27, 0), Date.UTC(2024, 9, 27, 1)];
    expect(localHourStartOf(firstMs + 59 * MINUTE_MS, "Europe/Berlin")).toBe(firstMs);
    expect(localHourStartOf(secondMs + 10 * MINUTE_MS, "Europe/Berlin")).toBe(secondMs);
  });

  test("Lord Howe's half-hour shift gives a short hour at either end of summer", () => {
    const zone = "Australia/Lord_Howe";
    const shortOnes = (date: string) => {
      const edges = [...hoursOfBusinessDay(date, zone, midnight)];
      edges.push(businessDayBounds(date, zone, midnight).endMs);
      return edges.flatMap((edge, index) => {
        const minutes = ((edges[index + 1] ?? edge) - edge) / MINUTE_MS;
        return minutes === 60 || minutes === 0
          ? []
          : [`${zoned(edge, zone).toPlainTime()} ${minutes}`];
      });
    };
    expect(shortOnes("2024-04-07")).toEqual(["01:30:00 30"]);
    expect(shortOnes("2024-10-06")).toEqual(["02:30:00 30"]);
    expect(shortOnes("2024-06-01")).toEqual([]);
  });

  test("a change at one minute past midnight counts from the end of its window", () => {
    const changeMs = Date.UTC(2007, 10, 4, 2, 31);
    const hourMs = localHourStartOf(changeMs, "America/St_Johns");
    expect(hourMs).toBe(Date.UTC(2007, 10, 4, 2, 30));
    expect(localHourStartOf(hourMs + WINDOW_MS, "America/St_Johns")).toBe(hourMs + WINDOW_MS);
  });
});

describe("hours and slots of a business day", () => {
  const days = moments.chain(({ zone, instantMs }) => {
    const date = localDateOf(instantMs, zone);
    return fc
      .tuple(
        closeoutsNear(date, localMinuteOfDay(instantMs, zone)),
        fc.integer({ min: -2, max: 2 }),
      )
      .map(([closeouts, shift]) => ({ zone, closeouts, date: addDays(date, shift) }));
  });

  test("they tile the day: the first starts with it, the rest rise by no more than their size", () => {
    fc.assert(
      fc.property(days, ({ zone, closeouts, date }) => {
        const { startMs, endMs } = businessDayBounds(date, zone, closeouts);
        const hours = hoursOfBusinessDay(date, zone, closeouts);
        const slots = slotsOfBusinessDay(date, zone, closeouts, WINDOW_MS);
        for (const [starts, sizeMs] of [[hours, HOUR_MS] as const, [slots, WINDOW_MS] as const]) {
          if (startMs === endMs) expect(starts).toEqual([]);
          else expect(starts[0]).toBe(startMs);
          for (const [index, eachMs] of starts.entries()) {
            const lengthMs = (starts[index + 1] ?? endMs) - eachMs;
            expect(lengthMs > 0 && lengthMs <= sizeMs).toBe(true);
          }
        }
        expect(new Set(slots.map((slotMs) => localHourStartOf(slotMs, zone)))).toEqual(
          new Set(hours.map((hourMs) => localHourStartOf(hourMs, zone))),
        );
      }),
      { seed, numRuns: 500 },
    );
  });

  test("a day that starts inside an hour has that hour's rest first", () => {
    const closeouts: CloseoutHistory = [{ effectiveFrom: "2000-01-01", closeoutMinute: 250 }];
    const hours = hoursOfBusinessDay("2024-05-02", "Asia/Tokyo", closeouts);
    const startMs = Date.UTC(2024, 4, 1, 19, 10);
    expect(hours.slice(0, 2)).toEqual([startMs, startMs + 50 * MINUTE_MS]);
    expect(hours.length).toBe(25);
    const slots = slotsOfBusinessDay("2024-05-02", "Asia/Tokyo", closeouts, WINDOW_MS);
    expect(slots.slice(0, 2)).toEqual([startMs, startMs + 5 * MINUTE_MS]);
  });
});
