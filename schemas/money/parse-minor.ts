import { parseDecimal } from "./decimal.ts";
import { isMinorInRange, MINOR_MAX } from "./limits.ts";

/**
 * Reads decimal text of major units as minor units of a currency with `exponent` digits, exactly:
 * `parseMinor("12.30", 2)` is `{ minor: 1230n }`. Zeros beyond the exponent are taken, other digits are
 * a fault, for rounding is a decision of its own (`rescaleHalfEven`). The error completes a sentence
 * that begins with the field's name.
 */
export function parseMinor(text: string, exponent: number): { minor: bigint } | { error: string } {
  const decimal = parseDecimal(text);
  if ("error" in decimal) return decimal;
  const minor = exactMinor(decimal.units, decimal.scale - exponent);
  if (minor === undefined) return { error: "has a fraction of a minor unit" };
  if (!isMinorInRange(minor)) return { error: `is beyond ${MINOR_MAX} minor units` };
  return { minor };
}

function exactMinor(units: bigint, digitsBeyond: number): bigint | undefined {
  if (digitsBeyond <= 0) return units * 10n ** BigInt(-digitsBeyond);
  const divisor = 10n ** BigInt(digitsBeyond);
  return units % divisor === 0n ? units / divisor : undefined;
}
