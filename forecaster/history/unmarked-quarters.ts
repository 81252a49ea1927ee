import { dateAt, type Series } from "../series.ts";
import type { QuarterSales } from "../steps/quarter-profile.ts";
import { findMarks } from "./find-marks.ts";

/** The quarters whose hour has no mark in the series as it was loaded: only they tell how an hour falls on its quarters. */
export function unmarkedQuarters(
  quarters: readonly QuarterSales[],
  series: Series,
): QuarterSales[] {
  const marked = new Set(
    findMarks(series).flatMap(({ row, from, to }) =>
      series.hours.slice(from, to).map((hour) => `${dateAt(series, row)} ${hour}`),
    ),
  );
  return quarters.filter(({ businessDate, hour }) => !marked.has(`${businessDate} ${hour}`));
}
