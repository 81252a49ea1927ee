import type { Expectation } from "@tillcast/schemas/browser";

/**
 * How sales stand against what was expected of them. `asUsual` is within the band in which 80 % of such
 * moments fall, or too small a matter; `below` and `above` are outside it, which happens to one moment in
 * five; `low` and `high` are so far out that someone should look.
 */
export interface Deviation {
  /** -0.16 is 16 % below; null where nothing was expected. See `toldShare`. */
  readonly ratio: number | null;
  readonly band: "low" | "below" | "asUsual" | "above" | "high";
}

/** A difference of less than this share of the day's sales is nobody's business. */
const STAKE_SHARE = 0.02;

/**
 * Holds an amount in minor units against an expectation; undefined without one. `dayExpected` is what is
 * expected of the whole day, by which a difference is large or small.
 */
export function deviationOf(
  net: bigint | string | number,
  expected: Expectation | null,
  dayExpected: number,
): Deviation | undefined {
  if (expected === null) return undefined;
  const amount = Number(net);
  const { p50 } = expected;
  const ratio = p50 > 0 ? (amount - p50) / p50 : null;
  return { ratio, band: bandOf(amount, expected, dayExpected * STAKE_SHARE) };
}

/** Whether someone should look. */
export function isUnusual(deviation: Deviation | undefined): boolean {
  return deviation?.band === "low" || deviation?.band === "high";
}

/** Nearer to nothing than this, a share would be written as 100 %, which says less than the amount. */
const TELLING_MIN = -0.995;
/** Ten times as much and more is no share of what was expected any more; the amounts say it. */
const TELLING_MAX = 9.995;

/**
 * The share that is worth telling of a deviation: none inside the usual range, where it would be noise, and
 * none of nothing sold, of more given back than sold, or of many times what was expected.
 */
export function toldShare(deviation: Deviation | undefined): number | null {
  if (deviation === undefined || deviation.band === "asUsual") return null;
  return isTelling(deviation.ratio) ? deviation.ratio : null;
}

/** Whether a share says more than the two amounts beside it. */
export function isTelling(ratio: number | null): ratio is number {
  return ratio !== null && ratio > TELLING_MIN && ratio < TELLING_MAX;
}

function bandOf(amount: number, expected: Expectation, stake: number): Deviation["band"] {
  const { low, p10, p50, p90, high } = expected;
  if (Math.abs(amount - p50) < stake || expected.p50 <= 0) return "asUsual";
  if (amount < p10) return amount < low ? "low" : "below";
  if (amount > p90) return amount > high ? "high" : "above";
  return "asUsual";
}
