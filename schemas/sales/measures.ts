import type { ChargeKind } from "../orders/order-words.ts";

/**
 * The signed columns of a ledger entry and of every rollup, in storage order. Money is in minor units.
 * `refund` and `void` are positive where they reduce sales. `items` is in millionths of a unit;
 * `unreconciled` is what a vendor's own total has beyond the sum of the bill's parts.
 */
export const measures = [
  "gross",
  "discount",
  "net",
  "charge_service",
  "charge_gratuity",
  "charge_delivery",
  "charge_surcharge",
  "charge_donation",
  "charge_rounding",
  "charge_other",
  "refund",
  "void",
  "tax",
  "tip",
  "orders",
  "guests",
  "items",
  "unreconciled",
] as const;
export type Measure = (typeof measures)[number];

/** One value per measure. */
export type Measures = Record<Measure, bigint>;

/** The column that carries a kind of charge. */
export const chargeMeasure = (kind: ChargeKind): Measure => `charge_${kind}`;

/** All zero. */
export const zeroMeasures = (): Measures => ({
  gross: 0n,
  discount: 0n,
  net: 0n,
  charge_service: 0n,
  charge_gratuity: 0n,
  charge_delivery: 0n,
  charge_surcharge: 0n,
  charge_donation: 0n,
  charge_rounding: 0n,
  charge_other: 0n,
  refund: 0n,
  void: 0n,
  tax: 0n,
  tip: 0n,
  orders: 0n,
  guests: 0n,
  items: 0n,
  unreconciled: 0n,
});
