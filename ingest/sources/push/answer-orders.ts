import type { OrderPushAnswer, OrderPushResponse } from "@tillcast/schemas";
import type { Decision } from "../../accept/decide-orders.ts";

/** The answer to a push: one row for each order, in the order they were sent, and how many of each kind. */
export function respondTo(decisions: readonly Decision[]): OrderPushResponse {
  const count = (result: Decision["result"]): number =>
    decisions.filter((one) => one.result === result).length;
  const misfits = decisions.filter((one) => misfitOf(one) !== undefined).length;
  return {
    accepted: count("accepted") - misfits,
    duplicates: count("duplicate"),
    parked: count("parked") + misfits,
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
  const { snapshot, result, space } = decision;
  const misfit = misfitOf(decision);
  return {
    index,
    orderId: snapshot.orderId,
    result: misfit === undefined ? result : "parked",
    storeId: snapshot.storeId === "" ? null : snapshot.storeId,
    statusUrl: statusUrlOf(snapshot, space),
    field: misfit !== undefined ? "orderId" : result === "parked" ? decision.field : null,
    reason: result === "accepted" ? (misfit ?? null) : decision.reason,
    faults: [],
  };
}

/** Why an order that is appended will be parked by the ledger. */
function misfitOf(decision: Decision): string | undefined {
  return decision.result === "accepted" ? decision.misfit : undefined;
}

/** Where to ask whether an order was counted; with its number space where the number alone is not enough. */
function statusUrlOf(
  order: {
    readonly source: string;
    readonly accountId: string;
    readonly orderId: string;
  },
  space: string | null,
): string {
  const parts = [order.source, order.accountId, order.orderId].map(encodeURIComponent);
  const query = space === null ? "" : `?space=${encodeURIComponent(space)}`;
  return `/v1/orders/${parts.join("/")}/status${query}`;
}
