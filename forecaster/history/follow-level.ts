/**
 * Finds the last lasting change of a store's level and tells how large it was, so that what was sold before it can be
 * read at the level of now. Without this, means of eight weeks follow a halved level in eight weeks.
 */
import { epochDayOf } from "@tillcast/schemas";
import { type Series, weekdayOf } from "../series.ts";

/** A change of level: what was sold before `row` counts `ratio` times. */
export interface LevelShift {
  readonly row: number;
  readonly ratio: number;
}

/** Days since the change; fewer tell too little, after more every mean has followed. */
const sinceMinDays = 10;
const sinceMaxDays = 56;
/** Days before the change that tell the level of before. */
const beforeDays = 56;
const beforeMinDays = 28;
/** A change counts if it is at least this large, as a ratio, and so many standard errors. */
const ratioMin = 1.4;
const errorsMin = 3.5;

/** The change of level that is surest, or undefined. */
export function findLevelShift(series: Series): LevelShift | undefined {
  const totals = dayTotals(series);
  let best: (LevelShift & { readonly errors: number }) | undefined;
  for (let since = sinceMinDays; since <= sinceMaxDays; since++) {
    const row = series.dayCount - since;
    if (row < beforeMinDays) break;
    const change = changeAt(series, totals, row);
    if (change !== undefined && change.errors > (best?.errors ?? errorsMin)) best = change;
  }
  if (best === undefined) return undefined;
  const size = Math.max(best.ratio, 1 / best.ratio);
  return size >= ratioMin ? { row: best.row, ratio: best.ratio } : undefined;
}

/** What each day sold, NaN for a day on which the store was shut. */
function dayTotals(series: Series): number[] {
  const width = series.hours.length;
  return Array.from({ length: series.dayCount }, (_, row) => {
    const open = series.open.subarray(row * width, (row + 1) * width);
    if (!open.includes(1)) return Number.NaN;
    return series.values
      .subarray(row * width, (row + 1) * width)
      .reduce((sum, one) => sum + one, 0);
  });
}

function changeAt(series: Series, totals: readonly number[], row: number) {
  const firstDay = epochDayOf(series.firstDate);
  const weekday = (day: number): number => weekdayOf(firstDay + day);
  const from = Math.max(0, row - beforeDays);
  const before = rowsOf(totals, from, row);
  const means = weekdayMeans(totals, before, weekday);
  const after = rowsOf(totals, row, series.dayCount).filter((day) => means.has(weekday(day)));
  const expected = after.reduce((sum, day) => sum + (means.get(weekday(day)) as number), 0);
  if (before.length < beforeMinDays / 2 || after.length < sinceMinDays / 2 || expected <= 0) return;
  const sold = after.reduce((sum, day) => sum + (totals[day] as number), 0);
  const ratio = sold / expected;
  if (!(ratio > 0)) return undefined;
  const strays = before.map((day) => {
    const mean = means.get(weekday(day)) as number;
    return mean > 0 ? (totals[day] as number) / mean - 1 : 0;
  });
  const variance =
    strays.reduce((sum, stray) => sum + stray * stray, 0) / Math.max(1, before.length - means.size);
  const error = Math.sqrt(variance * (1 / after.length + 1 / before.length));
  return { row, ratio, errors: Math.abs(ratio - 1) / Math.max(error, 1e-3) };
}

function rowsOf(totals: readonly number[], from: number, to: number): number[] {
  const rows: number[] = [];
  for (let row = from; row < to; row++) if (!Number.isNaN(totals[row])) rows.push(row);
  return rows;
}

function weekdayMeans(
  totals: readonly number[],
  rows: readonly number[],
  weekday: (row: number) => number,
): Map<number, number> {
  const byDay = new Map<number, number[]>();
  for (const row of rows) {
    byDay.set(weekday(row), [...(byDay.get(weekday(row)) ?? []), totals[row] as number]);
  }
  return new Map(
    [...byDay].map(([day, values]) => [
      day,
      values.reduce((sum, value) => sum + value, 0) / values.length,
    ]),
  );
}
