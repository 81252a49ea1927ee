/** The mean of the same hour of the week over the last weeks, with the spread it showed itself. */
import type { ForecastModel, QuantileForecast } from "../model.ts";
import { empiricalQuantiles, spreadAround } from "../quantiles.ts";
import { meanOfOpen, type Series } from "../series.ts";
import { fillForecast, levelFloor, openValue } from "./forecast-cells.ts";

/** How many recent days show the spread; long enough for every hour, short enough for the present. */
const residualDays = 180;
/** Recent days that stand in for a weekday on which the store has never been open. */
const anyDays = 28;

/** Averages the last `weeks` same hours of the week that were open. */
export function sameHourMeans(weeks = 8): ForecastModel {
  return {
    name: `same-hour-means-${weeks}w`,
    fit: async (series) => ({
      predict: (horizonDays) => series.map((one) => meanForecast(one, weeks, horizonDays)),
    }),
  };
}

function meanForecast(series: Series, weeks: number, horizonDays: number): QuantileForecast {
  const floor = levelFloor(meanOfOpen(series, 0, series.dayCount));
  const residuals: number[] = [];
  for (let row = Math.max(7, series.dayCount - residualDays); row < series.dayCount; row++) {
    for (let slot = 0; slot < series.hours.length; slot++) {
      const value = openValue(series, row, slot);
      const mean = meanOfWeeks(series, weeks, row, slot);
      if (value === undefined || mean === undefined) continue;
      residuals.push((value - mean) / Math.sqrt(Math.max(mean, floor)));
    }
  }
  const spread = empiricalQuantiles(residuals.length > 0 ? residuals : [0]);
  return fillForecast(series, horizonDays, (row, slot) => {
    const middle = meanOfWeeks(series, weeks, row, slot) ?? meanOfDays(series, slot) ?? 0;
    return spreadAround(middle, spread, floor);
  });
}

/** The mean of one hour on whatever weekday lately: what a weekday that never traded may bring. */
function meanOfDays(series: Series, slot: number): number | undefined {
  let sum = 0;
  let count = 0;
  for (let row = Math.max(0, series.dayCount - anyDays); row < series.dayCount; row++) {
    const value = openValue(series, row, slot);
    if (value === undefined) continue;
    sum += value;
    count++;
  }
  return count === 0 ? undefined : sum / count;
}

/** The mean of one hour over the last `weeks` same weekdays; `undefined` when none was open. */
export function meanOfWeeks(
  series: Series,
  weeks: number,
  row: number,
  slot: number,
): number | undefined {
  let sum = 0;
  let count = 0;
  for (let week = 1; week <= weeks; week++) {
    const value = openValue(series, row - 7 * week, slot);
    if (value === undefined) continue;
    sum += value;
    count++;
  }
  return count === 0 ? undefined : sum / count;
}
