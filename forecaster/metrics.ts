/** Measures of forecast error. Each is a plain function of actuals and forecasts of equal length. */
type Values = ArrayLike<number>;

function sumOf(length: number, term: (index: number) => number): number {
  let sum = 0;
  for (let index = 0; index < length; index++) sum += term(index);
  return sum;
}

/** Weighted absolute percentage error: the sum of absolute errors over the sum of absolute actuals. */
export function wape(actual: Values, forecast: Values): number {
  const error = sumOf(actual.length, (i) =>
    Math.abs((actual[i] as number) - (forecast[i] as number)),
  );
  return error / sumOf(actual.length, (i) => Math.abs(actual[i] as number));
}

/** Symmetric mean absolute percentage error as the M4 competition defines it, 0 to 200. */
export function smape(actual: Values, forecast: Values): number {
  const terms = sumOf(actual.length, (i) => {
    const a = actual[i] as number;
    const f = forecast[i] as number;
    const size = Math.abs(a) + Math.abs(f);
    return size === 0 ? 0 : (200 * Math.abs(a - f)) / size;
  });
  return terms / actual.length;
}

/** The mean absolute error of repeating the value `season` steps before, within the history. */
export function seasonalScale(history: Values, season: number): number {
  const count = history.length - season;
  const error = sumOf(count, (i) =>
    Math.abs((history[i + season] as number) - (history[i] as number)),
  );
  return error / count;
}

/** Mean absolute scaled error: relative to the seasonal naive forecast's error in the history. */
export function mase(actual: Values, forecast: Values, scale: number): number {
  const error = sumOf(actual.length, (i) =>
    Math.abs((actual[i] as number) - (forecast[i] as number)),
  );
  return error / actual.length / scale;
}

/** Overall weighted average of the M4 competition: the mean of two ratios to Naive2. */
export function owa(
  own: { smape: number; mase: number },
  naive2: { smape: number; mase: number },
): number {
  return (own.smape / naive2.smape + own.mase / naive2.mase) / 2;
}

/** Pinball loss of one quantile: `max(level * e, (level - 1) * e)` with `e = actual - quantile`. */
export function pinballLoss(actual: number, quantile: number, level: number): number {
  const error = actual - quantile;
  return Math.max(level * error, (level - 1) * error);
}

/** Weighted quantile loss: twice the pinball loss, averaged over levels, over the sum of actuals. */
export function weightedQuantileLoss(
  actual: Values,
  quantiles: readonly Values[],
  levels: readonly number[],
): number {
  const loss = sumOf(actual.length, (i) => {
    const row = quantiles[i] as Values;
    return sumOf(levels.length, (k) =>
      pinballLoss(actual[i] as number, row[k] as number, levels[k] as number),
    );
  });
  return (2 * loss) / levels.length / sumOf(actual.length, (i) => Math.abs(actual[i] as number));
}

/** The share of actuals that lie inside their band, borders included. */
export function coverage(actual: Values, low: Values, high: Values): number {
  const inside = sumOf(actual.length, (i) => {
    const value = actual[i] as number;
    return value >= (low[i] as number) && value <= (high[i] as number) ? 1 : 0;
  });
  return inside / actual.length;
}

/** Root mean squared logarithmic error, as the Recruit competition scores. */
export function rmsle(actual: Values, forecast: Values): number {
  const sum = sumOf(actual.length, (i) => {
    const error = Math.log1p(actual[i] as number) - Math.log1p(Math.max(0, forecast[i] as number));
    return error * error;
  });
  return Math.sqrt(sum / actual.length);
}
