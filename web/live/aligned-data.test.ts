import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { alignedData, type ChartGrain } from "./aligned-data.ts";
import { dayPicture } from "./day-picture.ts";
import { hourRows } from "./hour-rows.ts";
import { applySnapshot } from "./live-state.ts";
import { hourBuckets } from "./local-hours.ts";
import { at, feed, forecast, HOUR_MS, QUARTER_MS, snapshot, window } from "./testing/builders.ts";

const grains: readonly ChartGrain[] = ["15m", "hour", "total"];
const pictureOf = (changes: Parameters<typeof snapshot>[0], now: number) =>
  dayPicture(applySnapshot(snapshot(changes)), now);
const sum = (values: readonly (number | null)[]) =>
  values.reduce<number>((total, value) => total + (value ?? 0), 0);

const sales = fc.array(
  fc.record({ quarter: fc.nat(47), net: fc.integer({ min: -500, max: 9_000 }) }),
  { maxLength: 40 },
);

describe("the chart's columns", () => {
  test("are equally long, ascend, and add up to the figure on the tile", () => {
    fc.assert(
      fc.property(sales, fc.constantFrom(...grains), (sold, grain) => {
        const windows = [
          ...new Map(
            sold.map(({ quarter, net }) => [
              quarter,
              window({ start: at(11) + quarter * QUARTER_MS, net: String(net) }),
            ]),
          ).values(),
        ];
        const picture = pictureOf({ windows, forecast: forecast() }, at(23.2));
        const data = alignedData(picture, grain);
        for (const column of Object.values(data)) expect(column).toHaveLength(data.xs.length);
        expect(data.xs).toEqual(data.xs.toSorted((a, b) => a - b));
        const total = grain === "total" ? data.actual.at(-1) : sum(data.actual) + sum(data.running);
        expect(total).toBe(Number(picture.net));
      }),
    );
  });

  test("stop at the present moment, and keep the step under way apart", () => {
    const picture = pictureOf({ windows: [window()], forecast: forecast() }, at(14.1));
    const data = alignedData(picture, "15m");
    const now = data.xs.indexOf(at(14));
    expect(data.actual[now - 1]).toBe(0);
    expect([data.actual[now], data.running[now]]).toEqual([null, 0]);
    expect(data.actual.slice(now)).toEqual(data.actual.slice(now).map(() => null));
    expect(data.expected[now + 1]).toBe(1000);
  });

  test("stop where a late feed's data ends, since silence is not zero", () => {
    const late = [feed({ state: "late", watermark: at(13) })];
    const picture = pictureOf({ windows: [window()], forecast: forecast(), feeds: late }, at(14.1));
    const data = alignedData(picture, "15m");
    expect(data.actual[data.xs.indexOf(at(12.75))]).toBe(0);
    expect(data.actual[data.xs.indexOf(at(13))]).toBeNull();
    expect(picture.expected?.p50).toBeCloseTo(8_000);
  });

  test("of a running total end at the present moment with the whole figure", () => {
    const picture = pictureOf({ windows: [window()], forecast: forecast() }, at(12.1));
    const data = alignedData(picture, "total");
    const now = data.xs.indexOf(at(12.1));
    expect([data.actual[now], data.actual[now + 1]]).toEqual([1000, null]);
    expect(data.expected[now]).toBeCloseTo(4_400);
  });
});

describe("local hours", () => {
  test("cover the stretch without gaps in any zone, on days of 23, 24.5 and 25 hours too", () => {
    const zones = ["Europe/Berlin", "Asia/Kathmandu", "Australia/Lord_Howe", "America/St_Johns"];
    const quarter = fc.integer({
      min: Date.UTC(2026, 0) / QUARTER_MS,
      max: Date.UTC(2027, 0) / QUARTER_MS,
    });
    fc.assert(
      fc.property(
        fc.constantFrom(...zones),
        quarter,
        fc.integer({ min: 1, max: 120 }),
        (zone, from, long) => {
          const start = from * QUARTER_MS;
          const buckets = hourBuckets(start, start + long * QUARTER_MS, zone);
          expect(buckets[0]?.start).toBe(start);
          expect(buckets.at(-1)?.end).toBe(start + long * QUARTER_MS);
          buckets.forEach((bucket, i) => {
            expect(bucket.end - bucket.start).toBeLessThanOrEqual(HOUR_MS);
            if (i > 0) expect(bucket.start).toBe(buckets[i - 1]?.end);
          });
        },
      ),
    );
  });

  test("hold an hour under way against its elapsed part only", () => {
    const windows = [window({ start: at(14), net: "1000" })];
    const picture = pictureOf({ windows, forecast: forecast() }, at(14.25));
    const row = hourRows(picture).find(({ start }) => start === at(14));
    expect(row?.isRunning).toBe(true);
    expect(row?.deviation?.ratio).toBeCloseTo(0);
    expect(row?.expected?.p50).toBeCloseTo(4_000);
  });
});
