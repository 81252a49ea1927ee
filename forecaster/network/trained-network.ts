/** The champion: one network over all stores, mixed with smoothing where a store's past advises it. */
import { cleanHistory } from "../history/clean-history.ts";
import type { ForecastModel, QuantileForecast } from "../model.ts";
import { baseline, weeklyHistoryDays } from "../models/baseline.ts";
import { dailySeasonEts } from "../models/daily-season-ets.ts";
import { mixForecasts, smoothingShare } from "../models/smoothing-share.ts";
import { openDays, type Series } from "../series.ts";
import { predictNetwork } from "./predict-network.ts";
import type { NetworkWeights } from "./weights.ts";

/** A network trained earlier, as a model: fitting it only reads the new history. */
export function trainedNetwork(weights: NetworkWeights): ForecastModel {
  return {
    name: "network",
    fit: async (series) => {
      const fitted = await Promise.all(series.map((one) => fitStore(weights, cleanHistory(one))));
      return { predict: (horizonDays) => fitted.map((predict) => predict(horizonDays)) };
    },
  };
}

/** A new store's week is beyond a network that reads weeks: it keeps the baseline. */
async function fitStore(
  weights: NetworkWeights,
  series: Series,
): Promise<(horizonDays: number) => QuantileForecast> {
  const isNew = openDays(series) < weeklyHistoryDays;
  const plain = await (isNew ? baseline() : dailySeasonEts()).fit([series]);
  const predictPlain = (horizonDays: number) => plain.predict(horizonDays)[0] as QuantileForecast;
  if (isNew) return predictPlain;
  const share = smoothingShare(series);
  return (horizonDays) => {
    const byNetwork = predictNetwork(weights, series, horizonDays);
    return share === 0 ? byNetwork : mixForecasts(byNetwork, predictPlain(horizonDays), share);
  };
}
