/**
 * The trained network's forward pass in plain arithmetic. A week of one store is about 100 rows of
 * 20,000 multiplications, so predictions need no TensorFlow and no worker.
 */
import type { NetworkWeights } from "./weights.ts";

/** Standardised inputs further out than this many deviations are pulled in. */
export const inputLimit = 6;
/** Columns that hardly vary in training are not blown up. */
export const deviationFloor = 0.1;
/** Keeps the residual's unit above zero where the base is zero. */
const baseFloor = 0.02;

/**
 * The unit of a row's residuals: the square root of its seasonal base. A base below zero, as refunds
 * of an hour without sales would make it, has the unit of an empty hour; the root of a negative number
 * would turn the whole network into numbers that are none.
 */
export function residualUnit(base: number): number {
  return Math.sqrt(Math.max(0, base) + baseFloor);
}

/** Brings rows of features to the scale the network was trained on, in place. */
export function standardise(
  rows: Float32Array,
  mean: Float32Array,
  deviation: Float32Array,
): Float32Array {
  const width = mean.length;
  for (let i = 0; i < rows.length; i++) {
    const column = i % width;
    const unit = Math.max(deviation[column] as number, deviationFloor);
    const value = ((rows[i] as number) - (mean[column] as number)) / unit;
    rows[i] = Math.max(-inputLimit, Math.min(inputLimit, value));
  }
  return rows;
}

/**
 * Forecasts one standardised row: quantiles in units of the store's level, ascending, never
 * negative. `base` is the row's seasonal base.
 */
export function forwardRow(weights: NetworkWeights, row: Float32Array, base: number): Float64Array {
  const first = relu(dense(row, weights.w1, weights.b1));
  const second = relu(dense(first, weights.w2, weights.b2));
  const residual = dense(second, weights.w3, weights.b3);
  const unit = residualUnit(base);
  return Float64Array.from(residual, (value) => Math.max(0, base + value * unit)).sort();
}

function dense(input: Float32Array, matrix: Float32Array, bias: Float32Array): Float32Array {
  const outputs = bias.length;
  const sums = bias.slice();
  for (let i = 0; i < input.length; i++) {
    const value = input[i] as number;
    if (value === 0) continue;
    const from = i * outputs;
    for (let j = 0; j < outputs; j++) {
      sums[j] = (sums[j] as number) + value * (matrix[from + j] as number);
    }
  }
  return sums;
}

function relu(values: Float32Array): Float32Array {
  for (let i = 0; i < values.length; i++) if ((values[i] as number) < 0) values[i] = 0;
  return values;
}
