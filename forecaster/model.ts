/** What every forecasting model looks like, from the plainest baseline to the network. */
import { medianColumn, quantileLevels } from "./quantiles.ts";
import type { HourSlots, Series } from "./series.ts";

/** The days after a series' end, hour by hour, as quantiles. */
export interface QuantileForecast {
  readonly key: string;
  readonly firstDate: string;
  readonly dayCount: number;
  readonly hours: HourSlots;
  /** `dayCount` x `hours.length` x `quantileLevels.length`, ascending in the last axis. */
  readonly quantiles: Float64Array;
}

/** A model that has seen its history. */
export interface FittedModel {
  /** Forecasts the `horizonDays` days after each series' end, in the order of the series. */
  predict(horizonDays: number): readonly QuantileForecast[];
}

/** A way to forecast. `fit` never looks past the series' end. */
export interface ForecastModel {
  readonly name: string;
  fit(series: readonly Series[]): Promise<FittedModel>;
}

/** The number of quantiles in each forecast cell. */
export const levelCount: number = quantileLevels.length;

/** The quantiles of one cell of a forecast, ascending; a view, not a copy. */
export function cellQuantiles(forecast: QuantileForecast, row: number, slot: number): Float64Array {
  const from = (row * forecast.hours.length + slot) * levelCount;
  return forecast.quantiles.subarray(from, from + levelCount);
}

/** The median of one cell of a forecast. */
export function cellMedian(forecast: QuantileForecast, row: number, slot: number): number {
  return cellQuantiles(forecast, row, slot)[medianColumn] as number;
}
