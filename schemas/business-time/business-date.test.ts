import fc from "fast-check";
import { Temporal } from "temporal-polyfill";
import { describe, expect, test } from "vitest";
import { businessDateOf, businessDayBounds, type CloseoutHistory } from "./business-date.ts";
import { addDays, DAY_MS, HOUR_MS } from "./dates.ts";
import { localDateOf, localMinuteOfDay } from "./local-time.ts";
import { allZones, closeoutsNear, hardZones, moments, seed } from "./testing/zones.ts";

const at = (closeoutMinute: number): CloseoutHistory => [
  { effectiveFrom: "2000-01-01", closeoutMinute },
];

/** A moment of a zone and a history that changes near it. */
const momentsOfStores = moments.chain(({ zone, instantMs }) =>
  closeoutsNear(localDateOf(instantMs, zone), localMinuteOfDay(instantMs, zone)).map(
    (closeouts) => ({ zone, instantMs, closeouts }),
  ),
);

function hoursOf(date: string, zone: string, closeouts: CloseoutHistory): number {
  const { startMs, endMs } = businessDayBounds(date, zone, closeouts);
  return (endMs - startMs) / HOUR_MS;
}

describe("business days", () => {
  test("they tile time in every zone, and each end belongs to the day that it starts", () => {
    const year = 1991 + (seed % 48);
    const closeouts = at(seed % 1440);
    for (const zone of allZones) {
      let date = `${year}-01-01`;
      let { startMs } = businessDayBounds(date, zone, closeouts);
      for (let day = 0; day < 366; day += 1) {
        const bounds = businessDayBounds(date, zone, closeouts);
        const isNext = bounds.startMs === startMs && bounds.endMs >= startMs;
        const holdsItsEdges =
          bounds.endMs === startMs ||
          (businessDateOf(startMs, zone, closeouts) === date &&
            businessDateOf(bounds.endMs - 1, zone, closeouts) === date);
        // An `expect` for each of 150,000 days would take most of the test's time.
        if (!isNext || !holdsItsEdges) expect.fail(`${zone} ${date} is out of place`);
        startMs = bounds.endMs;
        date = addDays(date, 1);
      }
    }
  });

  test("a date holds exactly the instants within its bounds, also where closeouts change", () => {
    fc.assert(
      fc.property(momentsOfStores, ({ zone, instantMs, closeouts }) => {
        const date = businessDateOf(instantMs, zone, closeouts);
        const around = [-3, -2, -1, 0, 1, 2, 3].map((days) => addDays(date, days));
        const all = around.map((each) => businessDayBounds(each, zone, closeouts));
        const holding = around.filter((_, index) => {
          const { startMs, endMs } = all[index] as { startMs: number; endMs: number };
          return startMs <= instantMs && instantMs < endMs;
        });
        expect(holding).toEqual([date]);
        for (let index = 1; index < all.length; index += 1) {
          expect(all[index]?.startMs).toBe(all[index - 1]?.endMs);
          expect(all[index]?.endMs).toBeGreaterThanOrEqual(all[index]?.startMs as number);
        }
      }),
      { seed, numRuns: 1000 },
    );
  });

  test("a day starts at its closeout as Temporal resolves it", () => {
    fc.assert(
      fc.property(moments, fc.integer({ min: 0, max: 1439 }), ({ zone, instantMs }, minute) => {
        const date = localDateOf(instantMs, zone);
        const turn = Temporal.PlainDate.from(date)
          .toPlainDateTime({ hour: Math.floor(minute / 60), minute: minute % 60 })
          .toZonedDateTime(zone, { disambiguation: "compatible" });
        expect(businessDayBounds(date, zone, at(minute)).startMs).toBe(turn.epochMilliseconds);
      }),
      { seed, numRuns: 500 },
    );
  });

  test("a later instant never has an earlier business date", () => {
    const later = fc.integer({ min: 0, max: 2 * DAY_MS });
    fc.assert(
      fc.property(momentsOfStores, later, ({ zone, instantMs, closeouts }, laterMs) => {
        const first = businessDateOf(instantMs, zone, closeouts);
        expect(businessDateOf(instantMs + laterMs, zone, closeouts) >= first).toBe(true);
      }),
      { seed, numRuns: 500 },
    );
  });

  test.each([
    ["Europe/Berlin", "2024-03-30", 240, 23],
    ["Europe/Berlin", "2024-10-26", 240, 25],
    ["Europe/Berlin", "2024-07-01", 240, 24],
    ["Australia/Lord_Howe", "2024-04-07", 0, 24.5],
    ["Australia/Lord_Howe", "2024-10-06", 0, 23.5],
    ["Antarctica/Troll", "2024-03-31", 0, 22],
    ["Antarctica/Troll", "2024-10-27", 0, 26],
    ["America/Sao_Paulo", "2018-11-04", 0, 23],
    ["America/Sao_Paulo", "2018-02-17", 0, 25],
    ["Asia/Kathmandu", "2024-03-30", 300, 24],
    ["Pacific/Apia", "2011-12-29", 240, 24],
    ["Pacific/Apia", "2011-12-30", 240, 0],
    ["Pacific/Apia", "2011-12-31", 240, 24],
    ["Africa/Casablanca", "2024-03-10", 0, 25],
    ["Asia/Tehran", "2022-03-22", 0, 23],
  ])("in %s the business day %s from minute %i lasts %d hours", (zone, date, minute, hours) => {
    expect(hoursOf(date, zone, at(minute))).toBe(hours);
  });

  test("a sale before the closeout belongs to the day before", () => {
    const tokyo = (hour: number, minute: number) => Date.UTC(2024, 4, 2, hour - 9, minute);
    expect(businessDateOf(tokyo(3, 59), "Asia/Tokyo", at(240))).toBe("2024-05-01");
    expect(businessDateOf(tokyo(4, 0), "Asia/Tokyo", at(240))).toBe("2024-05-02");
  });

  test("a closeout that the clock skips is as much later, and one shown twice is the first", () => {
    const skipped = businessDayBounds("2024-03-31", "Europe/Berlin", at(150)); // 02:30 is skipped.
    expect(skipped.startMs).toBe(Date.UTC(2024, 2, 31, 1, 30));
    const shownTwice = businessDayBounds("2024-10-27", "Europe/Berlin", at(150));
    expect(shownTwice.startMs).toBe(Date.UTC(2024, 9, 27, 0, 30));
  });

  test("once a closeout was passed, the clock going back does not bring the old day again", () => {
    const secondTenPastTwoMs = Date.UTC(2024, 9, 27, 1, 10);
    expect(businessDateOf(secondTenPastTwoMs, "Europe/Berlin", at(150))).toBe("2024-10-27");
    expect(businessDateOf(Date.UTC(2024, 9, 27, 0, 10), "Europe/Berlin", at(150))).toBe(
      "2024-10-26",
    );
  });

  test("a changed closeout lengthens or shortens the day before it takes effect, and rewrites none", () => {
    const before = at(240);
    const after: CloseoutHistory = [
      ...before,
      { effectiveFrom: "2024-05-10", closeoutMinute: 360 },
    ];
    expect(hoursOf("2024-05-08", "Asia/Tokyo", after)).toBe(24);
    expect(hoursOf("2024-05-09", "Asia/Tokyo", after)).toBe(26);
    expect(hoursOf("2024-05-10", "Asia/Tokyo", after)).toBe(24);
    const earlier = businessDayBounds("2024-05-08", "Asia/Tokyo", after);
    expect(earlier).toEqual(businessDayBounds("2024-05-08", "Asia/Tokyo", before));
  });

  test("a closeout moved earlier on the day after a skipped date turns that day at once", () => {
    const closeouts: CloseoutHistory = [
      { effectiveFrom: "2011-01-01", closeoutMinute: 240 },
      { effectiveFrom: "2011-12-31", closeoutMinute: 0 },
    ];
    const zone = "Pacific/Apia";
    expect(hoursOf("2011-12-29", zone, closeouts)).toBe(20);
    expect(hoursOf("2011-12-30", zone, closeouts)).toBe(0);
    expect(businessDateOf(Date.UTC(2011, 11, 30, 10), zone, closeouts)).toBe("2011-12-31");
  });

  test("the hard zones are all known, and an empty history is refused", () => {
    for (const zone of hardZones) expect(hoursOf("2024-01-15", zone, at(240))).toBe(24);
    expect(() => businessDateOf(0, "UTC", [])).toThrow(RangeError);
  });
});
