import type { OrderPushAnswer, OrderPushResponse } from "@tillcast/schemas";
import type { Decision } from "./decide-orders.ts";

/** The answer to a push: one row for each order, in the order they were sent, and how many of each kind. */
export function respondTo(decisions: readonly Decision[]): OrderPushResponse {
  const count = (result: Decision["result"]): number =>
    decisions.filter((one) => one.result === result).length;
  return {
    accepted: count("accepted"),
    duplicates: count("duplicate"),
    parked: count("parked"),
    rejected: count("rejected"),
    orders: decisions.map(answerOf),
  };
}

function answerOf(decision: Decision, index: number): OrderPushAnswer {
  if (decision.result === "rejected") {
    const [first, ...others] = decision.faults;
    return {
      index,
      orderId: decision.orderId,
      result: "rejected",
      storeId: null,
      statusUrl: null,
      field: first?.field ?? null,
      reason: first?.reason ?? null,
      faults: others,
    };
  }
  const { snapshot, result } = decision;
  return {
    index,
    orderId: snapshot.orderId,
    result,
    storeId: snapshot.storeId === "" ? null : snapshot.storeId,
    statusUrl: statusUrlOf(snapshot),
    field: result === "parked" ? decision.field : null,
    reason: result === "accepted" ? null : decision.reason,
    faults: [],
  };
}

/** Where to ask whether an order was counted. */
export function statusUrlOf(order: {
  readonly source: string;
  readonly accountId: string;
  readonly orderId: string;
}): string {
  const parts = [order.source, order.accountId, order.orderId].map(encodeURIComponent);
  return `/v1/orders/${parts.join("/")}/status`;
}
