import {
  type ChargeKind,
  chargeKinds,
  chargeMeasure,
  composeNet,
  formatMinor,
  type Measures,
  measures,
} from "@tillcast/schemas";

/** The select list that sums every measure; `sum` of bigint is numeric, so it is brought back. */
export const summedMeasures: string = measures
  .map((measure) => `sum(r.${measure})::bigint as ${measure}`)
  .join(",\n  ");

/** The select list of every measure as it is stored. */
export const plainMeasures: string = measures.map((measure) => `r.${measure}`).join(", ");

/**
 * True of a row that holds anything. One in which everything cancelled out is left where an order and its
 * change were counted one after the other, and never made where they were counted at once: it says nothing.
 */
export const anyMeasure: string = `(${measures.map((measure) => `r.${measure} <> 0`).join(" or ")})`;

/** Measures as JSON has them: money as text in minor units, `net` by the tenant's policy. */
export interface MeasuresView {
  readonly net: string;
  readonly gross: string;
  readonly discount: string;
  /** Every kind of charge but gratuity; of them `net` contains those that the tenant counts. */
  readonly charges: string;
  readonly gratuity: string;
  readonly refunds: string;
  readonly voids: string;
  readonly tax: string;
  readonly tips: string;
  readonly orders: number;
  readonly guests: number;
  readonly items: string;
  /** What vendors' own totals have beyond the sums of their bills' parts; in no other column. */
  readonly unreconciled: string;
}

/** Writes measures as JSON has them. */
export function viewMeasures(row: Measures, netCharges: readonly ChargeKind[]): MeasuresView {
  const charges = chargeKinds
    .filter((kind) => kind !== "gratuity")
    .reduce((sum, kind) => sum + row[chargeMeasure(kind)], 0n);
  return {
    net: composeNet(row, netCharges).toString(),
    gross: row.gross.toString(),
    discount: row.discount.toString(),
    charges: charges.toString(),
    gratuity: row[chargeMeasure("gratuity")].toString(),
    refunds: row.refund.toString(),
    voids: row.void.toString(),
    tax: row.tax.toString(),
    tips: row.tip.toString(),
    orders: Number(row.orders),
    guests: Number(row.guests),
    items: viewQuantity(row.items),
    unreconciled: row.unreconciled.toString(),
  };
}

/** Millionths of a unit as decimal text without trailing zeros: 350000n is "0.35", 2000000n is "2". */
export function viewQuantity(quantityMicro: bigint): string {
  return formatMinor(quantityMicro, 6).replace(/\.?0+$/, "");
}
