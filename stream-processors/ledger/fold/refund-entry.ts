import { chargeKinds, chargeMeasure, type OrderSnapshot, splitProRata } from "@tillcast/schemas";
import { addMeasure, at, type MeasureVector, zeroVector } from "./measure-vector.ts";

type Refund = OrderSnapshot["refunds"][number];

/**
 * What one refund posts. Where the vendor says which part is net and which is tax, that is taken; else the
 * amount is split pro rata over what the sale consisted of (net, each kind of charge, tax), so that a full
 * refund leaves nothing behind.
 */
export function refundEntry(refund: Refund, sale: readonly bigint[]): MeasureVector {
  const vector = zeroVector();
  addMeasure(vector, "tip", -refund.tip);
  if (refund.net !== null || refund.tax !== null) {
    const net = refund.net ?? refund.amount - (refund.tax ?? 0n);
    const tax = refund.tax ?? refund.amount - net;
    addMeasure(vector, "refund", net);
    addMeasure(vector, "tax", -tax);
    return vector;
  }
  const charges = chargeKinds.filter((kind) => kind !== "rounding").map(chargeMeasure);
  const parts = [at.net, at.tax, ...charges.map((name) => at[name])].map((place) =>
    weightOf(sale[place]),
  );
  const [net = 0n, tax = 0n, ...ofCharges] = splitProRata(refund.amount, parts);
  addMeasure(vector, "refund", net);
  addMeasure(vector, "tax", -tax);
  charges.forEach((name, index) => {
    addMeasure(vector, name, -(ofCharges[index] ?? 0n));
  });
  return vector;
}

/** A return's own parts are negative; nothing is refunded out of them. */
const weightOf = (part = 0n): bigint => (part > 0n ? part : 0n);
