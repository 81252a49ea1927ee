/**
 * What the benchmark's network sees of a series: logarithms around their level of the last week,
 * and three plain seasonal guesses to start from.
 */

/** Hours to forecast. */
export const horizon = 48;
const week = 168;
const day = 24;
const daysOfMean = 7;

/** One row per series or sample; all values are logarithms minus the row's level. */
export interface M4Inputs {
  readonly rows: number;
  readonly window: number;
  /** The last `window` hours. */
  readonly recent: Float32Array;
  /** The same hours a week before, the last day repeated, the mean day of the last week. */
  readonly weekAgo: Float32Array;
  readonly dayAgo: Float32Array;
  readonly meanDay: Float32Array;
}

/** Makes room for `rows` rows. */
export function makeM4Inputs(rows: number, window: number): M4Inputs {
  return {
    rows,
    window,
    recent: new Float32Array(rows * window),
    weekAgo: new Float32Array(rows * horizon),
    dayAgo: new Float32Array(rows * horizon),
    meanDay: new Float32Array(rows * horizon),
  };
}

/** Fills row `row` from the hours of `logs` before `origin`, and returns the level taken off. */
export function fillM4Row(
  inputs: M4Inputs,
  row: number,
  logs: Float32Array,
  origin: number,
): number {
  const at = (hour: number): number => logs[hour] as number;
  let level = 0;
  for (let hour = origin - week; hour < origin; hour++) level += at(hour) / week;
  for (let back = 0; back < inputs.window; back++) {
    inputs.recent[row * inputs.window + back] = at(origin - inputs.window + back) - level;
  }
  for (let ahead = 0; ahead < horizon; ahead++) {
    const hourOfDay = ahead % day;
    const cell = row * horizon + ahead;
    inputs.weekAgo[cell] = at(origin - week + ahead) - level;
    inputs.dayAgo[cell] = at(origin - day + hourOfDay) - level;
    let sum = 0;
    for (let back = 1; back <= daysOfMean; back++) sum += at(origin - day * back + hourOfDay);
    inputs.meanDay[cell] = sum / daysOfMean - level;
  }
  return level;
}
