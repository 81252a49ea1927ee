import { type Measure, measures } from "@tillcast/schemas";

/** One value per measure, in the order of `measures`: the form in which entries are added and stored. */
export type MeasureVector = bigint[];

/** Place of each measure in a vector. */
export const at: Readonly<Record<Measure, number>> = Object.fromEntries(
  measures.map((measure, index) => [measure, index]),
) as Record<Measure, number>;

/** A vector of zeros. */
export const zeroVector = (): MeasureVector => new Array<bigint>(measures.length).fill(0n);

/** Adds `factor * vector` (factor 1 or -1) to `sum`, in place. */
export function addVector(sum: MeasureVector, vector: readonly bigint[], factor: 1 | -1 = 1): void {
  for (let index = 0; index < sum.length; index += 1) {
    const value = vector[index] ?? 0n;
    // Most measures of most entries are zero; the test is cheaper than the bigint addition.
    if (value === 0n) continue;
    sum[index] = (sum[index] ?? 0n) + (factor === 1 ? value : -value);
  }
}

export const isZeroVector = (vector: readonly bigint[]): boolean =>
  vector.every((value) => value === 0n);

/** Adds to one measure, in place. */
export function addMeasure(vector: MeasureVector, measure: Measure, value: bigint): void {
  if (value === 0n) return;
  const place = at[measure];
  vector[place] = (vector[place] ?? 0n) + value;
}
