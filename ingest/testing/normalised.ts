import { type OrderPushInput, OrderPushV1, type OrderSnapshot } from "@tillcast/schemas";
import type { Fault } from "../orders/faults.ts";
import { normaliseOrder } from "../orders/normalise-order.ts";
import type { OrderContext } from "../orders/order-context.ts";
import { parseOrder } from "../orders/parse-order.ts";
import { aContext } from "./order-builders.ts";

/** The snapshot of an order that is taken. */
export function snapshotOf(
  order: OrderPushInput,
  context: Partial<OrderContext> = {},
): OrderSnapshot {
  const normalised = normaliseOrder(OrderPushV1.parse(order), aContext(context));
  if ("faults" in normalised) throw new Error(JSON.stringify(normalised.faults));
  return normalised.snapshot;
}

/** What is wrong with an order; nothing of one that is taken. */
export function faultsIn(order: unknown): readonly Fault[] {
  const parsed = parseOrder(order);
  if ("faults" in parsed) return parsed.faults;
  const normalised = normaliseOrder(parsed.order, aContext());
  return "faults" in normalised ? normalised.faults : [];
}
