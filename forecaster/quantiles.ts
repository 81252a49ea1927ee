/** Quantiles: the levels every forecast carries, and the arithmetic on sorted values. */

/** The levels of every stored forecast: .05 to .95 in steps of .05. */
export const quantileLevels: readonly number[] = Array.from(
  { length: 19 },
  (_, index) => Math.round((index + 1) * 5) / 100,
);

/** The column of the median in a row of quantiles. */
export const medianColumn = 9;

/** The empirical quantile of ascending values at `level`, linear between neighbours. */
export function quantileOfSorted(sorted: ArrayLike<number>, level: number): number {
  if (sorted.length === 0) return Number.NaN;
  const position = level * (sorted.length - 1);
  const below = Math.floor(position);
  const low = sorted[below] as number;
  const high = sorted[Math.min(below + 1, sorted.length - 1)] as number;
  return low + (high - low) * (position - below);
}

/** The empirical quantiles of unsorted values at every one of `quantileLevels`. */
export function empiricalQuantiles(values: readonly number[] | Float64Array): number[] {
  const sorted = Float64Array.from(values).sort();
  return quantileLevels.map((level) => quantileOfSorted(sorted, level));
}

/**
 * Spreads residual quantiles around a middle. Residuals are held in units of the square root of
 * the level, because the variance of sales grows about in proportion to their mean.
 */
export function spreadAround(
  middle: number,
  residualQuantiles: readonly number[],
  floor: number,
): number[] {
  const unit = Math.sqrt(Math.max(middle, floor));
  return residualQuantiles.map((residual) => Math.max(0, middle + residual * unit));
}
