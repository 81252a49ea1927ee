import { addDays, epochDayOf } from "@tillcast/schemas";
import { expect, test } from "vitest";
import { cellMedian, type QuantileForecast } from "../model.ts";
import { baseline } from "../models/baseline.ts";
import type { Series } from "../series.ts";
import { mapCells } from "../testing/awkward-series.ts";
import { madeSeries } from "../testing/made-series.ts";
import { isOpenAhead } from "./open-ahead.ts";

const shop = madeSeries({ days: 120 });
const next = addDays(shop.firstDate, 121);
/** Holidays of the past, and one two days after the end. */
const withHolidays = (rows: readonly number[], shut: readonly number[]): Series => ({
  ...mapCells(shop, (value, row) => (shut.includes(row) ? undefined : value)),
  holidays: new Set([...rows.map((row) => addDays(shop.firstDate, row)), next]),
});
const isOpenNext = (series: Series): boolean => isOpenAhead(series, epochDayOf(next), 3);

test("a shop that was shut on all holidays is forecast to be shut on the next, and open beside it", async () => {
  const rows = [10, 31, 52, 77, 101];
  const series = withHolidays(rows, rows);
  const forecast = (await baseline().fit([series])).predict(7)[0] as QuantileForecast;
  const medians = [0, 1, 2].map((row) => cellMedian(forecast, row, 3));
  expect(medians[1]).toBe(0);
  expect(Math.min(medians[0] as number, medians[2] as number)).toBeGreaterThan(0);
});

test("a shop that trades on some holidays is forecast to trade", () => {
  expect(isOpenNext(withHolidays([10, 31, 52, 77, 101], [10, 31]))).toBe(true);
  expect(isOpenNext(withHolidays([], []))).toBe(true);
});

test("one or two shut holidays are no rule, unless they were on the same date", () => {
  expect(isOpenNext(withHolidays([10, 31], [10, 31]))).toBe(true);
  const yearAgo = addDays(next, -365);
  const long = { ...madeSeries({ days: 350 }), firstDate: addDays(yearAgo, -20) };
  const shut = mapCells(long, (value, row) => (row === 20 ? undefined : value));
  const after = { ...shut, holidays: new Set([yearAgo, next]) };
  expect(isOpenAhead(after, epochDayOf(next), 3)).toBe(false);
});
