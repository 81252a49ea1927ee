import type { OrderSnapshot } from "@tillcast/schemas";

/**
 * The instant at which an order counts, in UTC milliseconds; null while it does not.
 *
 * Rule `paid`: when it was first paid, else first closed; these are the only instants that every vendor
 * gives. A closed order that names neither counts when it was opened. Rule `ordered`: when it was opened.
 * It depends on the snapshot alone, so a version that was never seen changes nothing.
 */
export function countedAtOf(order: OrderSnapshot): number | null {
  if (order.countedWhen === "ordered") return order.openedAt;
  if (order.paidAt !== null) return order.paidAt;
  if (order.status === "open") return null;
  return firstPaymentAt(order) ?? order.closedAt ?? order.openedAt;
}

function firstPaymentAt(order: OrderSnapshot): number | null {
  let first: number | null = null;
  for (const payment of order.payments) {
    if (payment.status !== "done") continue;
    if (first === null || payment.at < first) first = payment.at;
  }
  return first;
}
