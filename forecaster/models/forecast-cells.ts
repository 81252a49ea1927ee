/** Builds a forecast cell by cell, so that each model states only what is its own. */
import { epochDayOf } from "@tillcast/schemas";
import { isOpenAhead } from "../history/open-ahead.ts";
import { levelCount, type QuantileForecast } from "../model.ts";
import { dateAt, type Series } from "../series.ts";

/**
 * Fills the days after a series' end. `quantilesOf` is asked for open cells only; closed ones
 * stay zero at every level.
 */
export function fillForecast(
  series: Series,
  horizonDays: number,
  quantilesOf: (row: number, slot: number) => ArrayLike<number>,
): QuantileForecast {
  const width = series.hours.length;
  const quantiles = new Float64Array(horizonDays * width * levelCount);
  const firstDay = epochDayOf(series.firstDate) + series.dayCount;
  for (let ahead = 0; ahead < horizonDays; ahead++) {
    for (let slot = 0; slot < width; slot++) {
      if (!isOpenAhead(series, firstDay + ahead, slot)) continue;
      const cell = (ahead * width + slot) * levelCount;
      quantiles.set(quantilesOf(series.dayCount + ahead, slot), cell);
    }
  }
  return {
    key: series.key,
    firstDate: dateAt(series, series.dayCount),
    dayCount: horizonDays,
    hours: series.hours,
    quantiles,
  };
}

/** The value of an open cell; `undefined` when the store was shut or the cell is not history. */
export function openValue(series: Series, row: number, slot: number): number | undefined {
  if (row < 0 || row >= series.dayCount) return undefined;
  const cell = row * series.hours.length + slot;
  return series.open[cell] === 1 ? series.values[cell] : undefined;
}

/** The smallest level that a residual is scaled by: a twentieth of the store's mean open hour. */
export function levelFloor(meanLevel: number | undefined): number {
  return Math.max((meanLevel ?? 0) / 20, 1e-6);
}
