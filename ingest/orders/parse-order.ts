import { type OrderPush, OrderPushV1, readInput } from "@tillcast/schemas";
import { checkText } from "./check-text.ts";
import { type Fault, limitFaults } from "./faults.ts";

/** The result of parsing one pushed order. */
export type ParsedOrder =
  | { readonly order: OrderPush }
  | { readonly orderId: string | null; readonly faults: readonly Fault[] };

/**
 * Parses one pushed order from JSON and lists every fault with its path. Its text is safe for database
 * queries: text that the database refuses would fail the other orders of the request too.
 */
export function parseOrder(value: unknown): ParsedOrder {
  const read = readInput(OrderPushV1, value);
  if ("faults" in read)
    return { orderId: orderIdIn(value), faults: limitFaults(read.faults.map(named)) };
  const faults: Fault[] = [];
  checkText(read.data, faults);
  if (faults.length === 0) return { order: read.data };
  return { orderId: orderIdIn(value), faults: limitFaults(faults) };
}

/** A fault of the order itself has no path. */
const named = ({ field, reason }: Fault): Fault => ({ field: field || "order", reason });

/** The order's id, also if the rest cannot be parsed, so that an answer names its order. */
function orderIdIn(value: unknown): string | null {
  if (typeof value !== "object" || value === null || !("orderId" in value)) return null;
  return typeof value.orderId === "string" ? value.orderId.slice(0, 200) : null;
}
