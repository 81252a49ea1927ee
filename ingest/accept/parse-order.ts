import { type OrderPush, OrderPushV1 } from "@tillcast/schemas";
import { checkText } from "./check-text.ts";
import { type Fault, faultsOf, limitFaults } from "./faults.ts";

/** What parsing one pushed order yields. */
export type ParsedOrder =
  | { readonly order: OrderPush }
  | { readonly orderId: string | null; readonly faults: readonly Fault[] };

/**
 * Reads one pushed order as it came from JSON; every fault is listed, with its path. What it yields can be
 * looked up: text that the database refuses would fail the orders beside it too.
 */
export function parseOrder(value: unknown): ParsedOrder {
  const parsed = OrderPushV1.safeParse(value);
  if (!parsed.success) return { orderId: orderIdIn(value), faults: faultsOf(parsed.error) };
  const faults: Fault[] = [];
  checkText(parsed.data, faults);
  if (faults.length === 0) return { order: parsed.data };
  return { orderId: orderIdIn(value), faults: limitFaults(faults) };
}

/** The order's id even where the rest cannot be read, so that an answer can be matched to its order. */
function orderIdIn(value: unknown): string | null {
  if (typeof value !== "object" || value === null || !("orderId" in value)) return null;
  return typeof value.orderId === "string" ? value.orderId.slice(0, 200) : null;
}
