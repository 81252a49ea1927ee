import type { Decimal } from "./decimal.ts";

/**
 * The quotient rounded to the nearest integer, a tie to the even one ("banker's rounding"), so that
 * many roundings lean neither up nor down. Throws a RangeError for a denominator of zero.
 */
export function divideHalfEven(numerator: bigint, denominator: bigint): bigint {
  const quotient = numerator / denominator; // BigInt division cuts towards zero.
  const twiceRest = 2n * magnitude(numerator % denominator);
  const divisor = magnitude(denominator);
  const isAway = twiceRest > divisor || (twiceRest === divisor && quotient % 2n !== 0n);
  if (!isAway) return quotient;
  return numerator < 0n === denominator < 0n ? quotient + 1n : quotient - 1n;
}

/** A decimal of major units as minor units with `exponent` digits, rounded half to even. */
export function rescaleHalfEven(decimal: Decimal, exponent: number): bigint {
  const digitsBeyond = decimal.scale - exponent;
  if (digitsBeyond <= 0) return decimal.units * 10n ** BigInt(-digitsBeyond);
  return divideHalfEven(decimal.units, 10n ** BigInt(digitsBeyond));
}

function magnitude(value: bigint): bigint {
  return value < 0n ? -value : value;
}
