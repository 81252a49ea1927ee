import type { CountedWhen, OrderPush } from "@tillcast/schemas";

type Dated = Pick<OrderPush, "status" | "openedAt" | "closedAt" | "paidAt"> & {
  readonly payments: readonly { readonly status: string; readonly at?: number | undefined }[];
};

/**
 * The instant at which an order counts, in UTC milliseconds; null while it does not. By the rule `paid`
 * that is the first known of: paid, and for an order no longer open, first payment done, closed, opened. The ledger
 * reads the same from the snapshot; here it decides the order's business date.
 */
export function countedInstantOf(order: Dated, rule: CountedWhen): number | null {
  if (rule === "ordered") return order.openedAt;
  if (isPresent(order.paidAt)) return order.paidAt;
  if (order.status === "open") return null;
  return firstPaymentAt(order) ?? order.closedAt ?? order.openedAt;
}

function isPresent<Value>(value: Value | null | undefined): value is Value {
  return value !== null && value !== undefined;
}

function firstPaymentAt(order: Dated): number | undefined {
  let first: number | undefined;
  for (const payment of order.payments) {
    if (payment.status !== "done" || payment.at === undefined) continue;
    if (first === undefined || payment.at < first) first = payment.at;
  }
  return first;
}
