import { chargeMeasure, type OrderLine, type OrderSnapshot } from "@tillcast/schemas";
import { addMeasure, at, type MeasureVector, zeroVector } from "./measure-vector.ts";

/** True for a line that was in the sale when it counted; one voided earlier never was. */
export const isSold = (line: OrderLine, countedAt: number): boolean =>
  line.voidedAt === null || line.voidedAt > countedAt;

/** True for a line that goes back over the counter: all of a return, the negative ones of an exchange. */
export const isReturned = (line: OrderLine, order: OrderSnapshot): boolean =>
  order.kind === "return" || (order.kind === "exchange" && line.quantityMicro < 0n);

const magnitude = (value: bigint): bigint => (value < 0n ? -value : value);

/** Units of a line as sales count them: modifiers are part of their parent. */
export const unitsOf = (line: OrderLine): bigint =>
  line.parentKey === null ? magnitude(line.quantityMicro) : 0n;

/** What the sale itself posts at the instant it counts. */
export function saleEntry(order: OrderSnapshot, countedAt: number): MeasureVector {
  const vector = zeroVector();
  const sign = order.kind === "return" ? -1n : 1n;
  for (const line of order.lines) if (isSold(line, countedAt)) addLine(vector, line, order);
  for (const charge of order.charges) {
    addMeasure(vector, chargeMeasure(charge.kind), sign * charge.net);
    addMeasure(vector, "tax", sign * charge.tax);
  }
  for (const payment of order.payments) {
    if (payment.status === "done") addMeasure(vector, "tip", sign * payment.tip);
  }
  if (order.kind !== "return") {
    addMeasure(vector, "orders", 1n);
    addMeasure(vector, "guests", BigInt(order.guests ?? 0));
  }
  return vector;
}

/** What a line that was voided after the sale counted takes back. */
export function lineVoidEntry(line: OrderLine, order: OrderSnapshot): MeasureVector {
  const sold = zeroVector();
  addLine(sold, line, order);
  return reversalOf(sold);
}

function addLine(vector: MeasureVector, line: OrderLine, order: OrderSnapshot): void {
  const returned = isReturned(line, order);
  addMeasure(vector, "tax", returned ? -line.tax : line.tax);
  if (!line.revenue) return;
  addMeasure(vector, "items", returned ? -unitsOf(line) : unitsOf(line));
  if (returned) {
    addMeasure(vector, "refund", line.net);
    return;
  }
  addMeasure(vector, "gross", line.gross);
  addMeasure(vector, "discount", line.discount);
  addMeasure(vector, "net", line.net);
}

/**
 * Takes an entry back without rewriting it: gross, discount and net stay with the day that sold them, the
 * net goes to `void`, everything else is reversed.
 */
export function reversalOf(vector: readonly bigint[]): MeasureVector {
  const reversed = vector.map((value) => -value);
  reversed[at.void] = vector[at.net] ?? 0n;
  for (const kept of [at.gross, at.discount, at.net]) reversed[kept] = 0n;
  return reversed;
}
