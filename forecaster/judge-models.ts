/** Compares models on the last complete weeks, which none of them was trained on. */
import {
  addCells,
  type QuantileScore,
  rollingFolds,
  type ScoredCells,
  scoreQuantiles,
} from "./backtest.ts";
import type { ForecastModel, QuantileForecast } from "./model.ts";
import { type Series, untilDay } from "./series.ts";

/**
 * Weeks at the end of the history that a network is judged on and never trained on. Going without
 * them costs nothing that could be measured, since what happened in them reaches a forecast through
 * its features (weighted quantile loss without and with two weeks held out: pizza .3420 and .3419,
 * London .4342 and .4341, bakery .5134 and .5158), and a champion of yesterday has not seen them
 * either, so that old and new are judged alike.
 */
export const heldOutWeeks = 2;
const weekDays = 7;

/** The days of `heldOutWeeks`. */
export const heldOutDays: number = heldOutWeeks * weekDays;

/** What a network may be trained on: the history without the weeks it is judged on. */
export function beforeHeldOut(series: Series): Series {
  return untilDay(series, Math.max(0, series.dayCount - heldOutDays));
}

/**
 * Scores each model on the held-out weeks of all stores, from a new origin each week. Amounts are in
 * units of their store's mean hour, so that every open hour counts the same in whatever currency; a
 * store that sold nothing in those weeks says nothing. Without any store the figures are not finite.
 */
export async function judgeModels<Name extends string>(
  models: Readonly<Record<Name, ForecastModel>>,
  stores: readonly Series[],
): Promise<Record<Name, QuantileScore>> {
  const names = Object.keys(models) as Name[];
  const cells = new Map(names.map((name) => [name, stores.map(noCells)]));
  for (let week = 0; week < heldOutWeeks; week++) {
    const cutoffs = stores.map(
      (one) => rollingFolds(one.dayCount, heldOutWeeks, weekDays)[week]?.cutoff ?? 0,
    );
    const past = stores.map((one, index) => untilDay(one, cutoffs[index] as number));
    for (const name of names) {
      const forecasts = (await models[name].fit(past)).predict(weekDays);
      for (const [index, one] of stores.entries()) {
        const scored = cells.get(name)?.[index] as ScoredCells;
        addCells(scored, one, cutoffs[index] as number, forecasts[index] as QuantileForecast);
      }
    }
  }
  const scores = names.map((name) => [name, poolScore(cells.get(name) ?? [])] as const);
  return Object.fromEntries(scores) as Record<Name, QuantileScore>;
}

const noCells = (): ScoredCells => ({ actual: [], quantiles: [], scaledErrors: [] });

function poolScore(stores: readonly ScoredCells[]): QuantileScore {
  const pooled = noCells();
  for (const { actual, quantiles } of stores) {
    const mean = actual.reduce((sum, value) => sum + Math.abs(value), 0) / actual.length;
    if (!(mean > 0)) continue;
    for (const value of actual) pooled.actual.push(value / mean);
    for (const row of quantiles) pooled.quantiles.push(row.map((value) => value / mean));
  }
  return scoreQuantiles(pooled);
}
