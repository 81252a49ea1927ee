import { divideHalfEven } from "@tillcast/schemas";
import type { MenuItem, StoreProfile } from "./store-profile.ts";

/** An amount without its tax, and the tax, in minor units. */
export interface TaxedAmount {
  readonly net: bigint;
  readonly tax: bigint;
}

const MILLION = 1_000_000n;

/** A part of an amount, in millionths, rounded half to even. */
export function shareOf(amount: bigint, ppm: number): bigint {
  return divideHalfEven(amount * BigInt(ppm), MILLION);
}

/** Splits a menu price, which includes the tax or not. */
export function taxed(profile: StoreProfile, price: bigint, taxPpm: number): TaxedAmount {
  if (profile.taxMode === "exclusive") return { net: price, tax: shareOf(price, taxPpm) };
  const net = divideHalfEven(price * MILLION, MILLION + BigInt(taxPpm));
  return { net, tax: price - net };
}

/** The amounts of a line: price times quantity, minus a discount in percent. */
export function lineMoney(
  profile: StoreProfile,
  item: MenuItem,
  quantityMicro: bigint,
  discountPercent: number,
): TaxedAmount & { readonly gross: bigint; readonly discount: bigint } {
  const gross = divideHalfEven(BigInt(item.priceMinor) * quantityMicro, MILLION);
  const discount = divideHalfEven(gross * BigInt(discountPercent), 100n);
  return { gross, discount, ...taxed(profile, gross - discount, item.taxPpm ?? profile.taxPpm) };
}

/** The rounding to whole cash steps: at most half a step, up or down. */
export function cashRounding(amount: bigint, stepMinor: number): bigint {
  const step = BigInt(stepMinor);
  return divideHalfEven(amount, step) * step - amount;
}
