import { addDays, dayOfWeek } from "@tillcast/schemas";
import { expect, test } from "vitest";
import { type HourSales, learnSeries, type SeriesPlace } from "./learn-series.ts";

const place: SeriesPlace = {
  key: "bar",
  timeZone: "Europe/Berlin",
  currency: "EUR",
  firstHour: 4,
  holidays: new Set(),
};

/** Sells from 18 to 1 o'clock every day but Mondays, with one stray morning sale. */
function barSales(days: number, skip: (date: string) => boolean = () => false): HourSales[] {
  const sales: HourSales[] = [];
  for (let index = 0; index < days; index++) {
    const businessDate = addDays("2026-03-02", index);
    if (dayOfWeek(businessDate) === 1 || skip(businessDate)) continue;
    for (const hour of [18, 19, 20, 21, 22, 23, 0])
      sales.push({ businessDate, hour, amount: 100 + hour });
  }
  sales.push({ businessDate: addDays("2026-03-02", 8), hour: 7, amount: 5 });
  return sales;
}

test("opening hours and closing days are learnt, in the order of the business day", () => {
  const series = learnSeries(place, barSales(56), "2026-03-02", addDays("2026-03-02", 56));
  expect(series?.hours).toEqual([18, 19, 20, 21, 22, 23, 0]);
  expect([...(series?.weekMask.subarray(0, 7) ?? [])]).toEqual(Array(7).fill(0));
  expect([...(series?.weekMask.subarray(7) ?? [])]).toEqual(Array(42).fill(1));
});

test("a day without any sale counts as shut, not as a bad day", () => {
  const shut = "2026-04-03";
  const sales = barSales(56, (date) => date === shut);
  const series = learnSeries(place, sales, "2026-03-02", addDays("2026-03-02", 56));
  const row = 31;
  expect(addDays(series?.firstDate as string, row)).toBe(shut);
  const width = series?.hours.length as number;
  expect([...(series?.open.subarray(row * width, (row + 1) * width) ?? [])]).toEqual(
    Array(7).fill(0),
  );
});

test("history begins with the first sale", () => {
  const series = learnSeries(place, barSales(30), "2025-01-01", addDays("2026-03-02", 30));
  expect(series?.firstDate).toBe("2026-03-03");
});

test("two sales of one hour add up, as on the night when the clock goes back", () => {
  const twice = [...barSales(21), ...barSales(21)];
  const once = learnSeries(place, barSales(21), "2026-03-02", addDays("2026-03-02", 21));
  const doubled = learnSeries(place, twice, "2026-03-02", addDays("2026-03-02", 21));
  expect(doubled?.values).toEqual(once?.values.map((value) => value * 2));
});

test("a store that never sold has no series", () => {
  expect(learnSeries(place, [], "2026-03-02", "2026-04-01")).toBeUndefined();
});

test("a weekday not yet seen is expected to trade like the others", () => {
  const series = learnSeries(place, barSales(3), "2026-03-02", addDays("2026-03-02", 3));
  expect([...(series?.weekMask.subarray(5 * 7, 6 * 7) ?? [])]).toEqual(Array(7).fill(1));
});
