import {
  chargeMeasure,
  isReturned,
  isSold,
  type OrderLine,
  type OrderSnapshot,
  type TakeBack,
  unitsOf,
} from "@tillcast/schemas";
import { addMeasure, at, type MeasureVector, zeroVector } from "./measure-vector.ts";

/** What the sale itself posts at the instant it counts. */
export function saleEntry(order: OrderSnapshot, countedAt: number): MeasureVector {
  const vector = zeroVector();
  const sign = order.kind === "return" ? -1n : 1n;
  for (const line of order.lines) if (isSold(line, countedAt)) addLine(vector, line, order);
  for (const charge of order.charges) {
    addMeasure(vector, chargeMeasure(charge.kind), sign * charge.net);
    addMeasure(vector, "tax", sign * charge.tax);
  }
  if (order.orderTax !== null) addMeasure(vector, "tax", sign * order.orderTax);
  if (order.unreconciled !== null) addMeasure(vector, "unreconciled", sign * order.unreconciled);
  for (const payment of order.payments) {
    if (payment.status === "done") addMeasure(vector, "tip", sign * payment.tip);
  }
  if (order.kind !== "return" && sellsSomething(order)) {
    addMeasure(vector, "orders", 1n);
    addMeasure(vector, "guests", BigInt(order.guests ?? 0));
  }
  return vector;
}

/**
 * False for a bill of gift cards, deposits and donations alone: money is taken and nothing is sold, so it is
 * no order. One without any line is an order, since some tills send no lines.
 */
export function sellsSomething(order: Pick<OrderSnapshot, "lines" | "charges">): boolean {
  const { lines, charges } = order;
  return lines.length === 0 || lines.some(isRevenueLine) || charges.some(isForService);
}

const isRevenueLine = (line: OrderLine): boolean => line.revenue;

const isForService = ({ kind }: OrderSnapshot["charges"][number]): boolean =>
  kind !== "rounding" && kind !== "donation" && kind !== "gratuity";

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
 * What a void or a refund posts at its own instant. Gross, discount and net stay with the day that sold them:
 * the net that is taken back stands in `void` or `refund`, everything else is reversed.
 */
export function takeBackEntry(
  takeBack: TakeBack,
  order: OrderSnapshot,
  sale: readonly bigint[],
): MeasureVector {
  const vector = zeroVector();
  const isRefund = takeBack.cause === "refund";
  for (const { part, net, tax, units } of takeBack.taken.values()) {
    const { line, charge } = part;
    addMeasure(vector, "tax", -tax);
    if (charge !== null) addMeasure(vector, chargeMeasure(charge.kind), -net);
    if (line === null || !line.revenue) continue;
    addMeasure(vector, isRefund || isReturned(line, order) ? "refund" : "void", net);
    addMeasure(vector, "items", -units);
  }
  addMeasure(vector, "tip", -takeBack.tip);
  addMeasure(vector, "unreconciled", takeBack.unreconciled);
  if (takeBack.cause === "orderVoid") {
    addMeasure(vector, "orders", -(sale[at.orders] as bigint));
    addMeasure(vector, "guests", -(sale[at.guests] as bigint));
  }
  return vector;
}
