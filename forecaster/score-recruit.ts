/** Scores the champion on many restaurants at once, and against the 8-week mean one by one. */
import { addCells, rollingFolds, type ScoredCells } from "./backtest.ts";
import { readRecruit } from "./datasets/recruit.ts";
import { rmsle, wape } from "./metrics.ts";
import type { ForecastModel, QuantileForecast } from "./model.ts";
import { sameHourMeans } from "./models/same-hour-means.ts";
import { networkModel } from "./network/network-model.ts";
import { medianColumn } from "./quantiles.ts";
import { type Series, untilDay } from "./series.ts";

/** Errors over all restaurants and days, and how restaurants fare against the 8-week mean. */
export interface RecruitScore {
  readonly wape: number;
  readonly rmsle: number;
  /** The share of restaurants with a smaller WAPE than the 8-week mean's. */
  readonly betterShare: number;
  /** The share of restaurants with a WAPE more than 5 % above the 8-week mean's. */
  readonly worse5Share: number;
}

const foldCount = 4;
const horizonDays = 7;

/** Runs four folds of a week at the end of the data. */
export async function scoreRecruit(
  dataDir: string,
  onProgress: (done: number) => void,
): Promise<RecruitScore> {
  const stores = await readRecruit(dataDir);
  let fold = 0;
  const champion = networkModel({ onProgress: (done) => onProgress((fold + done) / foldCount) });
  const own = stores.map(noCells);
  const means = stores.map(noCells);
  for (; fold < foldCount; fold++) {
    await addFold(champion, stores, own, fold);
    await addFold(sameHourMeans(), stores, means, fold);
  }
  const actual = own.flatMap((cells) => cells.actual);
  const medians = own.flatMap(mediansOf);
  const errors = own.flatMap((cells, index) => {
    const other = means[index] as ScoredCells;
    if (cells.actual.length === 0) return [];
    return [wape(cells.actual, mediansOf(cells)) / wape(other.actual, mediansOf(other))];
  });
  const share = (isCounted: (ratio: number) => boolean) =>
    errors.filter(isCounted).length / errors.length;
  return {
    wape: wape(actual, medians),
    rmsle: rmsle(actual, medians),
    betterShare: share((ratio) => ratio < 1),
    worse5Share: share((ratio) => ratio > 1.05),
  };
}

const noCells = (): ScoredCells => ({ actual: [], quantiles: [], scaledErrors: [] });

const mediansOf = (cells: ScoredCells): number[] =>
  cells.quantiles.map((row) => row[medianColumn] as number);

/** Restaurants that opened after a fold's cutoff are left out of it. */
async function addFold(
  model: ForecastModel,
  stores: readonly Series[],
  cells: readonly ScoredCells[],
  fold: number,
): Promise<void> {
  const known = stores
    .map((store, index) => ({ store, cells: cells[index] as ScoredCells }))
    .map((row) => ({
      ...row,
      cutoff: rollingFolds(row.store.dayCount, foldCount, horizonDays)[fold]?.cutoff ?? 0,
    }))
    .filter((row) => row.cutoff >= horizonDays);
  const fitted = await model.fit(known.map((row) => untilDay(row.store, row.cutoff)));
  const forecasts = fitted.predict(horizonDays);
  for (const [index, row] of known.entries()) {
    addCells(row.cells, row.store, row.cutoff, forecasts[index] as QuantileForecast);
  }
}
