/** The champion: one network over all stores, mixed with smoothing where a store's past advises it. */
import type { ForecastModel, QuantileForecast } from "../model.ts";
import { baseline, weeklyHistoryDays } from "../models/baseline.ts";
import { dailySeasonEts } from "../models/daily-season-ets.ts";
import { mixForecasts, smoothingShare } from "../models/smoothing-share.ts";
import { openDays, type Series } from "../series.ts";
import { predictNetwork } from "./predict-network.ts";
import { type TrainingOptions, trainInWorker } from "./train-in-worker.ts";
import { decodeWeights, type NetworkWeights } from "./weights.ts";

/** A network trained earlier, as a model: fitting it only reads the new history. */
export function trainedNetwork(weights: NetworkWeights): ForecastModel {
  return {
    name: "network",
    fit: async (series) => {
      const plain = await baseline().fit(series);
      const smooth = await dailySeasonEts().fit(series);
      return {
        predict: (horizonDays) => {
          const fallback = plain.predict(horizonDays);
          const smoothed = smooth.predict(horizonDays);
          return series.map((one, index) =>
            forecastStore(
              weights,
              one,
              fallback[index] as QuantileForecast,
              smoothed[index] as QuantileForecast,
            ),
          );
        },
      };
    },
  };
}

/** The network trained anew at every fit, in a worker; for backtests. */
export function networkModel(options: TrainingOptions = {}): ForecastModel {
  return {
    name: "network",
    fit: async (series) => {
      const { weights } = await trainInWorker(series, options);
      return trainedNetwork(decodeWeights(weights)).fit(series);
    },
  };
}

/** A new store's week is beyond a network that reads weeks: it keeps the baseline. */
function forecastStore(
  weights: NetworkWeights,
  series: Series,
  fallback: QuantileForecast,
  smoothed: QuantileForecast,
): QuantileForecast {
  if (openDays(series) < weeklyHistoryDays) return fallback;
  const byNetwork = predictNetwork(weights, series, fallback.dayCount);
  return mixForecasts(byNetwork, smoothed, smoothingShare(series));
}
