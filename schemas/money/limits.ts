/**
 * Greatest amount in minor units, 2^53 - 1 (90 trillion dollars): Avro longs and PostgreSQL bigints
 * hold more, and up to here a decoder that reads them as JavaScript numbers is exact too.
 */
export const MINOR_MAX = 9_007_199_254_740_991n;

/** Whether an amount of minor units, of either sign, is within `MINOR_MAX`. */
export function isMinorInRange(minor: bigint): boolean {
  return minor <= MINOR_MAX && minor >= -MINOR_MAX;
}
