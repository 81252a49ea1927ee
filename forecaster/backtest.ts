/** Rolling-origin evaluation: forecast from several cutoffs at the end, then look. */
import { coverage, mase, wape, weightedQuantileLoss } from "./metrics.ts";
import { cellQuantiles, type ForecastModel, type QuantileForecast } from "./model.ts";
import { medianColumn, quantileLevels } from "./quantiles.ts";
import { type Series, untilDay } from "./series.ts";

/** One cutoff: the model sees rows before `cutoff` and is scored on the `horizonDays` that follow. */
export interface Fold {
  readonly cutoff: number;
  readonly horizonDays: number;
}

/** The errors that depend on nothing but the scored cells. */
export interface QuantileScore {
  readonly wql: number;
  readonly wape: number;
  readonly coverage80: number;
  readonly coverage90: number;
}

/** The error of one model on one store over all folds. */
export interface StoreScore extends QuantileScore {
  readonly mase: number;
}

/** The cells that were scored, kept so that other measures can be taken from them. */
export interface ScoredCells {
  readonly actual: number[];
  readonly quantiles: Float64Array[];
  readonly scaledErrors: number[];
}

/** Lays `count` folds of `horizonDays` end to end so that the last one ends with the series. */
export function rollingFolds(dayCount: number, count: number, horizonDays: number): Fold[] {
  return Array.from({ length: count }, (_, fold) => ({
    cutoff: dayCount - horizonDays * (count - fold),
    horizonDays,
  }));
}

/**
 * Scores a model on several stores. The model is refitted at every fold, on all stores at once,
 * each cut at its own fold.
 */
export async function backtestModel(
  model: ForecastModel,
  stores: readonly Series[],
  options: {
    readonly folds: number;
    readonly horizonDays: number;
    readonly onFold?: (fold: number) => void;
  },
): Promise<Map<string, StoreScore>> {
  const cells = stores.map((): ScoredCells => ({ actual: [], quantiles: [], scaledErrors: [] }));
  for (let fold = 0; fold < options.folds; fold++) {
    const cutoffs = stores.map(
      (one) =>
        (rollingFolds(one.dayCount, options.folds, options.horizonDays)[fold] as Fold).cutoff,
    );
    const past = stores.map((one, index) => untilDay(one, cutoffs[index] as number));
    const forecasts = (await model.fit(past)).predict(options.horizonDays);
    for (const [index, one] of stores.entries()) {
      addCells(
        cells[index] as ScoredCells,
        one,
        cutoffs[index] as number,
        forecasts[index] as QuantileForecast,
      );
    }
    options.onFold?.(fold);
  }
  return new Map(stores.map((one, index) => [one.key, scoreCells(cells[index] as ScoredCells)]));
}

/** Adds the open cells of one fold. */
export function addCells(
  cells: ScoredCells,
  series: Series,
  cutoff: number,
  forecast: QuantileForecast,
): void {
  const width = series.hours.length;
  const actual: number[] = [];
  const medians: number[] = [];
  for (let row = 0; row < forecast.dayCount; row++) {
    for (let slot = 0; slot < width; slot++) {
      const cell = (cutoff + row) * width + slot;
      if (series.open[cell] !== 1) continue;
      const quantiles = cellQuantiles(forecast, row, slot);
      actual.push(series.values[cell] as number);
      medians.push(quantiles[medianColumn] as number);
      cells.quantiles.push(quantiles);
    }
  }
  if (actual.length === 0) return;
  cells.actual.push(...actual);
  cells.scaledErrors.push(mase(actual, medians, weeklyNaiveScale(untilDay(series, cutoff))));
}

/** The mean absolute change from the same hour a week before, over cells open both times. */
function weeklyNaiveScale(series: Series): number {
  const week = 7 * series.hours.length;
  let sum = 0;
  let count = 0;
  for (let cell = week; cell < series.values.length; cell++) {
    if (series.open[cell] !== 1 || series.open[cell - week] !== 1) continue;
    sum += Math.abs((series.values[cell] as number) - (series.values[cell - week] as number));
    count++;
  }
  return count === 0 ? Number.NaN : sum / count;
}

/** Turns scored cells into the figures of the table. */
export function scoreCells(cells: ScoredCells): StoreScore {
  const scaled = cells.scaledErrors;
  return {
    ...scoreQuantiles(cells),
    mase: scaled.reduce((sum, error) => sum + error, 0) / scaled.length,
  };
}

/** The figures that need no history. Not finite without any cell, or when nothing was sold. */
export function scoreQuantiles(cells: Omit<ScoredCells, "scaledErrors">): QuantileScore {
  const column = (level: number) => cells.quantiles.map((row) => row[level] as number);
  const last = quantileLevels.length - 1;
  return {
    wql: weightedQuantileLoss(cells.actual, cells.quantiles, quantileLevels),
    wape: wape(cells.actual, column(medianColumn)),
    coverage80: coverage(cells.actual, column(1), column(last - 1)),
    coverage90: coverage(cells.actual, column(0), column(last)),
  };
}
