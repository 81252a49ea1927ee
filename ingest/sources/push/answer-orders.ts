import type { OrderPushAnswer, OrderPushResponse } from "@tillcast/schemas";
import type { Decision } from "../../accept/decide-orders.ts";

/** The answer to a push: one row per order, in the order of the push, and the number of each result. */
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

/** Why the ledger will park an appended order. */
function misfitOf(decision: Decision): string | undefined {
  return decision.result === "accepted" ? decision.misfit : undefined;
}

/** The URL of an order's status, with its number space if the number alone is not enough. */
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
