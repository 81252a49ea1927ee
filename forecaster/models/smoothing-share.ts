/**
 * How much of a store's forecast should come from plain smoothing by the hour of the day. A shop
 * whose weekdays are alike, and whose level drifts, is forecast better without the hour of the
 * week; its own past says so without any training.
 */
import type { QuantileForecast } from "../model.ts";
import type { Series } from "../series.ts";
import { bestSmoothing } from "./daily-season-ets.ts";
import { openValue } from "./forecast-cells.ts";
import { meanOfWeeks } from "./same-hour-means.ts";

/** Days of the store's past that decide. */
const judgedDays = 120;
/** How far ahead the two are compared. */
const leadsDays = [1, 4, 7] as const;
const shares = [0, 0.1, 0.2, 0.3, 0.4, 0.5] as const;

/**
 * The share of smoothing, 0 to one half, that would have had the least absolute error. None for a
 * daily series: it has no hours whose shape could be smoothed (Recruit, one week: .331 with, .325
 * without).
 */
export function smoothingShare(series: Series): number {
  if (series.grain === "day") return 0;
  const width = series.hours.length;
  const { states } = bestSmoothing(series);
  const errors = shares.map(() => 0);
  for (let row = Math.max(28, series.dayCount - judgedDays); row < series.dayCount; row++) {
    for (let slot = 0; slot < width; slot++) {
      const value = openValue(series, row, slot);
      const mean = meanOfWeeks(series, 8, row, slot);
      if (value === undefined || mean === undefined) continue;
      for (const lead of leadsDays) {
        const smooth = states[(row - lead + 1) * width + slot] as number;
        for (const [index, share] of shares.entries()) {
          const error = Math.abs(value - (1 - share) * mean - share * smooth);
          errors[index] = (errors[index] as number) + error;
        }
      }
    }
  }
  return shares[errors.indexOf(Math.min(...errors))] as number;
}

/** Averages two forecasts quantile by quantile; `share` belongs to the second. */
export function mixForecasts(
  first: QuantileForecast,
  second: QuantileForecast,
  share: number,
): QuantileForecast {
  if (share === 0) return first;
  const quantiles = first.quantiles.map(
    (value, index) => (1 - share) * value + share * (second.quantiles[index] as number),
  );
  return { ...first, quantiles };
}
