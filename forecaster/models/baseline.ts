/** The forecast of a store before any network has been trained, and the fallback ever after. */
import { cleanHistory } from "../history/clean-history.ts";
import type { ForecastModel, QuantileForecast } from "../model.ts";
import { openDays, type Series } from "../series.ts";
import { dailySeasonEts } from "./daily-season-ets.ts";
import { sameHourMeans } from "./same-hour-means.ts";
import { mixForecasts, smoothingShare } from "./smoothing-share.ts";

/** With less history than this, anything pooled by the hour of the week knows too little. */
export const weeklyHistoryDays = 28;

/** Same-hour means mixed with smoothing as the store's past advises; smoothing alone for a new store. */
export function baseline(): ForecastModel {
  return {
    name: "baseline",
    fit: async (known) => {
      const series = known.map(cleanHistory);
      const means = await sameHourMeans().fit(series);
      const smooth = await dailySeasonEts().fit(series);
      return {
        predict: (horizonDays) => {
          const byMeans = means.predict(horizonDays);
          const bySmoothing = smooth.predict(horizonDays);
          return series.map((one, index) =>
            mixForecasts(
              byMeans[index] as QuantileForecast,
              bySmoothing[index] as QuantileForecast,
              baselineShare(one),
            ),
          );
        },
      };
    },
  };
}

function baselineShare(series: Series): number {
  if (series.grain === "day") return 0;
  return openDays(series) < weeklyHistoryDays ? 1 : smoothingShare(series);
}
