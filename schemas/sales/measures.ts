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

/** Charges that count as sales where a tenant has not said otherwise. */
export const defaultNetCharges: readonly ChargeKind[] = ["service", "delivery"];

/**
 * Net sales as a person reads them: column `net` plus the charges the tenant counts, minus refunds and
 * voids, without tax and tips. Composed at read, so that a change of policy rewrites nothing.
 */
export function composeNet(
  values: Pick<Measures, "net" | "refund" | "void"> & Partial<Measures>,
  netCharges: readonly ChargeKind[],
): bigint {
  const charges = netCharges.reduce((sum, kind) => sum + (values[chargeMeasure(kind)] ?? 0n), 0n);
  return values.net + charges - values.refund - values.void;
}
