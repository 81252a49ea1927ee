/** A trained network as a forecast: no training, no TensorFlow, milliseconds a store. */
import type { QuantileForecast } from "../model.ts";
import { fillForecast } from "../models/forecast-cells.ts";
import type { Series } from "../series.ts";
import { dayFeatures, featureCount } from "./day-features.ts";
import { forwardRow, standardise } from "./forward.ts";
import type { NetworkWeights } from "./weights.ts";

/** Forecasts the days after a series' end with weights trained earlier, on any stores. */
export function predictNetwork(
  weights: NetworkWeights,
  series: Series,
  horizonDays: number,
): QuantileForecast {
  if (weights.inputs !== featureCount) {
    throw new Error(
      `The network expects ${weights.inputs} features, this program makes ${featureCount}.`,
    );
  }
  const days = Array.from({ length: horizonDays }, (_, ahead) => {
    const day = dayFeatures(series, series.dayCount + ahead, series.dayCount);
    return { ...day, features: standardise(day.features, weights.mean, weights.deviation) };
  });
  return fillForecast(series, horizonDays, (row, slot) => {
    const day = days[row - series.dayCount] as (typeof days)[number];
    const features = day.features.subarray(slot * featureCount, (slot + 1) * featureCount);
    const quantiles = forwardRow(weights, features, day.base[slot] as number);
    return quantiles.map((value) => value * day.level);
  });
}
