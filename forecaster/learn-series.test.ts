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

const monday = (date: string) => dayOfWeek(date) === 2;
const until = (days: number) => addDays("2026-03-02", days);
const maskOf = (sales: HourSales[], days: number, weekday: number) => {
  const series = learnSeries(place, sales, "2026-03-02", until(days));
  const width = series?.hours.length ?? 0;
  return [...(series?.weekMask.subarray(weekday * width, (weekday + 1) * width) ?? [])];
};

test("a weekday on which the store has stopped to trade is shut after three dates", () => {
  const stopped = (weeks: number) =>
    barSales(70, (date) => monday(date) && date >= until(70 - 7 * weeks));
  expect(maskOf(stopped(3), 70, 1)).toEqual(Array(7).fill(0));
  expect(maskOf(stopped(2), 70, 1)).toEqual(Array(7).fill(1));
});

test("a weekday on which it trades every second week stays one", () => {
  const everySecond = barSales(70, (date) => monday(date) && (Date.parse(date) / 6048e5) % 2 >= 1);
  expect(maskOf(everySecond, 70, 1)).toEqual(Array(7).fill(1));
});

test("a store that was shut for a month opens again on all its weekdays at once", () => {
  const shut = barSales(70, (date) => date >= until(40) && date < until(68));
  for (const weekday of [1, 2, 3, 4, 5, 6]) {
    expect(maskOf(shut, 70, weekday), String(weekday)).toEqual(Array(7).fill(1));
  }
});

test("an hour that has stopped to sell is no opening hour after three dates of its weekday", () => {
  const sales = barSales(70).filter(
    ({ businessDate, hour }) => hour !== 0 || businessDate < until(49),
  );
  const series = learnSeries(place, sales, "2026-03-02", until(70));
  expect(series?.hours).toEqual([18, 19, 20, 21, 22, 23]);
});

test("an hour that a store adds is one after two dates of its weekday", () => {
  const later = barSales(70);
  for (let day = 56; day < 70; day++) {
    later.push({ businessDate: until(day), hour: 1, amount: 80 });
  }
  expect(learnSeries(place, later, "2026-03-02", until(70))?.hours).toContain(1);
});
