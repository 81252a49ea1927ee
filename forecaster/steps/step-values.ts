/** A stored forecast's rows: one value per stored quantile, from the model's finer grid. */
import { forecastQuantiles } from "@tillcast/schemas";
import { quantileLevels } from "../quantiles.ts";

/** Where each stored level stands in the model's grid. */
const storedColumns: readonly number[] = forecastQuantiles.map((level) =>
  quantileLevels.findIndex((known) => Math.abs(known - level) < 1e-9),
);

/** How much probability each stored level stands for: the stretch nearest to it. */
const levelWeights: readonly number[] = forecastQuantiles.map((level, index) => {
  const before = forecastQuantiles[index - 1];
  const after = forecastQuantiles[index + 1];
  const from = before === undefined ? 0 : (level + before) / 2;
  const to = after === undefined ? 1 : (level + after) / 2;
  return to - from;
});

/** One step of a stored forecast: a value per level of `forecastQuantiles`. */
export type StepValues = readonly number[];

/** Takes the stored levels out of a row of the model's grid. */
export function storedLevels(row: ArrayLike<number>): StepValues {
  return storedColumns.map((column) => row[column] as number);
}

/** The mean of a step's distribution. Means of hours add up to the day; medians do not. */
export function stepMean(values: StepValues): number {
  return values.reduce((sum, value, level) => sum + value * (levelWeights[level] as number), 0);
}

/** Nothing is expected, at every level. */
export const zeroStep: StepValues = forecastQuantiles.map(() => 0);

/** A spread around a mean: the quantiles of `actual / expected`, with mean 1. */
export type RatioQuantiles = readonly number[];

/** Brings a spread's mean to 1, so that laying it around a centre keeps the centre. */
export function withMeanOne(quantiles: RatioQuantiles): RatioQuantiles {
  const mean = stepMean(quantiles);
  return mean > 0 ? quantiles.map((value) => value / mean) : quantiles.map(() => 1);
}

/** A step of mean `centre` with the given spread. */
export function spreadStep(centre: number, ratios: RatioQuantiles): StepValues {
  return ratios.map((ratio) => centre * ratio);
}
