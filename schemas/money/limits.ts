/**
 * Greatest amount in minor units, 2^52 - 1 (45 trillion dollars): Avro longs and PostgreSQL bigints
 * hold more, and up to here a codec that passes them through JavaScript numbers is exact too. Avro writes
 * a long n < 0 as -2n - 1, so avsc 5.7.9 turns -(2^52) - 1 into 2^52 without an error (mtth/avsc#455).
 */
export const MINOR_MAX = 4_503_599_627_370_495n;

/** Whether an amount of minor units, of either sign, is within `MINOR_MAX`. */
export function isMinorInRange(minor: bigint): boolean {
  return minor <= MINOR_MAX && minor >= -MINOR_MAX;
}
