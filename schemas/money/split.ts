/**
 * Splits `total` minor units in proportion to `weights` (0 or more each) into shares that sum to it
 * exactly. What whole division leaves over goes, one unit each, to the largest remainders; among equal
 * ones to the largest weight, then to the earliest. If all weights are zero, the first share is the
 * total. A negative total splits as the mirror image of the positive one.
 */
export function splitProRata(total: bigint, weights: readonly bigint[]): bigint[] {
  if (weights.some((weight) => weight < 0n)) throw new RangeError("a weight is negative");
  if (weights.length === 0) {
    if (total === 0n) return [];
    throw new RangeError("there is no weight to split an amount by");
  }
  if (total < 0n) return splitPositive(-total, weights).map((share) => -share);
  return splitPositive(total, weights);
}

function splitPositive(total: bigint, weights: readonly bigint[]): bigint[] {
  const weightSum = weights.reduce((sum, weight) => sum + weight, 0n);
  if (weightSum === 0n) return weights.map((_, index) => (index === 0 ? total : 0n));
  const parts = weights.map((weight, index) => ({
    index,
    weight,
    share: (total * weight) / weightSum,
    remainder: (total * weight) % weightSum,
  }));
  const left = total - parts.reduce((sum, part) => sum + part.share, 0n);
  const shares = parts.map((part) => part.share);
  // Fewer units are left than parts have a remainder, so no share gets two of them.
  const byClaim = parts.toSorted(
    (a, b) => descending(a.remainder, b.remainder) || descending(a.weight, b.weight),
  );
  for (const { index, share } of byClaim.slice(0, Number(left))) shares[index] = share + 1n;
  return shares;
}

function descending(a: bigint, b: bigint): number {
  return a === b ? 0 : a > b ? -1 : 1;
}
