/** Next week looks like last week. The measure that every other model has to beat. */
import type { ForecastModel, QuantileForecast } from "../model.ts";
import { empiricalQuantiles, spreadAround } from "../quantiles.ts";
import { meanOfOpen, type Series } from "../series.ts";
import { fillForecast, levelFloor, openValue } from "./forecast-cells.ts";

/** Repeats the last season that was open; 7 days unless said otherwise. */
export function seasonalNaive(seasonDays = 7): ForecastModel {
  return {
    name: "seasonal-naive",
    fit: async (series) => ({
      predict: (horizonDays) => series.map((one) => repeatSeason(one, seasonDays, horizonDays)),
    }),
  };
}

function repeatSeason(series: Series, seasonDays: number, horizonDays: number): QuantileForecast {
  const floor = levelFloor(meanOfOpen(series, 0, series.dayCount));
  const residuals: number[] = [];
  for (let row = seasonDays; row < series.dayCount; row++) {
    for (let slot = 0; slot < series.hours.length; slot++) {
      const value = openValue(series, row, slot);
      const before = openValue(series, row - seasonDays, slot);
      if (value === undefined || before === undefined) continue;
      residuals.push((value - before) / Math.sqrt(Math.max(before, floor)));
    }
  }
  const spread = empiricalQuantiles(residuals.length > 0 ? residuals : [0]);
  return fillForecast(series, horizonDays, (row, slot) =>
    spreadAround(lastSeason(series, seasonDays, row, slot) ?? 0, spread, floor),
  );
}

function lastSeason(series: Series, seasonDays: number, row: number, slot: number) {
  for (let before = row - seasonDays; before >= 0; before -= seasonDays) {
    const value = openValue(series, before, slot);
    if (value !== undefined) return value;
  }
  return undefined;
}
