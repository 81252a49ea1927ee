import { dateOfEpochDay, epochDayOf } from "@tillcast/schemas";
import fc from "fast-check";
import { expect, test } from "vitest";
import { lastDays, openDays, untilDay, weekdayOf } from "./series.ts";
import { madeSeries } from "./testing/made-series.ts";

test("a date survives the way to a day number and back", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 40_000 }), (day) => {
      expect(epochDayOf(dateOfEpochDay(day))).toBe(day);
    }),
  );
});

test("weekdays begin on Monday", () => {
  expect(weekdayOf(epochDayOf("2026-11-16"))).toBe(0);
  expect(weekdayOf(epochDayOf("2026-11-22"))).toBe(6);
  expect(weekdayOf(-4)).toBe(6);
});

test("cutting a series at both ends keeps values and dates together", () => {
  const series = madeSeries({ days: 30 });
  const cut = lastDays(untilDay(series, 20), 5);
  expect(cut.dayCount).toBe(5);
  expect(cut.firstDate).toBe(dateOfEpochDay(epochDayOf(series.firstDate) + 15));
  expect(cut.values[0]).toBe(series.values[15 * series.hours.length]);
  expect(cut.values.length).toBe(5 * series.hours.length);
});

test("closed days are not counted as history", () => {
  expect(openDays(madeSeries({ days: 28, closedWeekday: 1 }))).toBe(24);
});
