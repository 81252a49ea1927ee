/**
 * One store's sales as a matrix: business days down, hours of the business day across. Hours at
 * which the store is shut are masked and count for nothing, neither as history nor as a forecast.
 */

import { addDays } from "@tillcast/schemas";

/** Names the hours of a business day in trading order; a daily series has the single slot 0. */
export type HourSlots = readonly number[];

export interface Series {
  /** The store, or a data set's name for it. */
  readonly key: string;
  readonly timeZone: string;
  readonly currency: string;
  /** `day` when the single column holds whole days. */
  readonly grain: "hour" | "day";
  /** The first business date, `YYYY-MM-DD`; the following ones come without a gap. */
  readonly firstDate: string;
  readonly dayCount: number;
  readonly hours: HourSlots;
  /** `dayCount` x `hours.length`, row by row. Zero where closed. */
  readonly values: Float64Array;
  /** 1 where the store was open, in the shape of `values`. */
  readonly open: Uint8Array;
  /** 1 where the store is expected to be open, 7 weekdays (Monday first) x `hours.length`. */
  readonly weekMask: Uint8Array;
  /** Public holidays, past and future, as dates. */
  readonly holidays: ReadonlySet<string>;
}

/** The weekday of a day number, Monday = 0. 1970-01-01 was a Thursday. */
export function weekdayOf(day: number): number {
  return (((day + 3) % 7) + 7) % 7;
}

/** The business date of row `index`; rows past the end are the days to come. */
export function dateAt(series: Series, index: number): string {
  return addDays(series.firstDate, index);
}

/** Returns the series as it was known before row `dayCount`: the past of a backtest's cutoff. */
export function untilDay(series: Series, dayCount: number): Series {
  const cells = dayCount * series.hours.length;
  return {
    ...series,
    dayCount,
    values: series.values.subarray(0, cells),
    open: series.open.subarray(0, cells),
  };
}

/** Returns the last `dayCount` rows of a series, or the whole of a shorter one. */
export function lastDays(series: Series, dayCount: number): Series {
  if (series.dayCount <= dayCount) return series;
  const from = series.dayCount - dayCount;
  return {
    ...series,
    firstDate: dateAt(series, from),
    dayCount,
    values: series.values.subarray(from * series.hours.length),
    open: series.open.subarray(from * series.hours.length),
  };
}

/** The mean of the open cells in rows `[from, to)`; `undefined` when none was open. */
export function meanOfOpen(series: Series, from: number, to: number): number | undefined {
  const width = series.hours.length;
  let sum = 0;
  let count = 0;
  for (let cell = Math.max(0, from) * width; cell < to * width; cell++) {
    if (series.open[cell] !== 1) continue;
    sum += series.values[cell] as number;
    count++;
  }
  return count === 0 ? undefined : sum / count;
}

/** Counts the days on which the store was open at all: the useful length of its history. */
export function openDays(series: Series): number {
  const width = series.hours.length;
  let days = 0;
  for (let row = 0; row < series.dayCount; row++) {
    if (series.open.subarray(row * width, (row + 1) * width).includes(1)) days++;
  }
  return days;
}
