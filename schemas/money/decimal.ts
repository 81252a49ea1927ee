/** Characters that a decimal may have; `MINOR_MAX` needs 17, vendors write up to 6 decimal places. */
export const DECIMAL_LENGTH_MAX = 40;

/** An exact decimal number: `units` divided by ten to the power of `scale`. */
export interface Decimal {
  readonly units: bigint;
  /** Digits after the point, 0 or more. */
  readonly scale: number;
}

const plainDecimal = /^-?\d+(?:\.\d+)?$/;

/**
 * Reads plain decimal text ("-12.305" is -12305 at scale 3) exactly, without a float in between. Signs
 * other than "-", exponents, separators of thousands and blanks are faults: they are the caller's to know.
 */
export function parseDecimal(text: string): Decimal | { error: string } {
  if (text.length > DECIMAL_LENGTH_MAX) {
    return { error: `is longer than ${DECIMAL_LENGTH_MAX} characters` };
  }
  if (!plainDecimal.test(text)) return { error: "is not a plain decimal number" };
  const point = text.indexOf(".");
  if (point === -1) return { units: BigInt(text), scale: 0 };
  return {
    units: BigInt(text.slice(0, point) + text.slice(point + 1)),
    scale: text.length - point - 1,
  };
}

/** The exact sum, at the finest scale among the summands; 0 at scale 0 for none. */
export function sumDecimals(summands: readonly Decimal[]): Decimal {
  let units = 0n;
  let scale = 0;
  for (const summand of summands) {
    if (summand.scale > scale) {
      units *= 10n ** BigInt(summand.scale - scale);
      scale = summand.scale;
    }
    units += summand.units * 10n ** BigInt(scale - summand.scale);
  }
  return { units, scale };
}

/** The exact product, such as quantity times unit price; its scale is the sum of both scales. */
export function multiplyDecimals(a: Decimal, b: Decimal): Decimal {
  return { units: a.units * b.units, scale: a.scale + b.scale };
}
