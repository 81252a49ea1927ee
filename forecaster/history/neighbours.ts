/** What the same hour sold on the days around a day: what an hour is judged against. */
import type { Series } from "../series.ts";

/** Days on either side that say what an hour usually sells. */
export const aroundDays = 56;

/** The open values of one hour on the days around a day, that day left out. */
export function valuesAround(
  series: Series,
  row: number,
  slot: number,
  days: number = aroundDays,
): number[] {
  const width = series.hours.length;
  const values: number[] = [];
  const to = Math.min(series.dayCount - 1, row + days);
  for (let other = Math.max(0, row - days); other <= to; other++) {
    const cell = other * width + slot;
    if (other !== row && series.open[cell] === 1) values.push(series.values[cell] as number);
  }
  return values;
}

/**
 * What an hour would have sold: the mean of the same weekdays around it, without the highest of them; of all days
 * where there are too few.
 */
export function usualValue(series: Series, row: number, slot: number): number {
  const width = series.hours.length;
  const same: number[] = [];
  for (let weeks = -8; weeks <= 8; weeks++) {
    const other = row + 7 * weeks;
    if (weeks === 0 || other < 0 || other >= series.dayCount) continue;
    const cell = other * width + slot;
    if (series.open[cell] === 1) same.push(series.values[cell] as number);
  }
  const values = same.length >= 4 ? same : valuesAround(series, row, slot);
  return meanWithoutHighest(values, 1);
}

/** The mean of values, the `count` highest left out where others remain. */
export function meanWithoutHighest(values: readonly number[], count: number): number {
  const kept = [...values].sort((a, b) => a - b).slice(0, Math.max(1, values.length - count));
  return kept.length === 0 ? 0 : kept.reduce((sum, value) => sum + value, 0) / kept.length;
}
