import { type OrderPush, OrderPushV1, readInput } from "@tillcast/schemas";
import { checkText } from "./check-text.ts";
import { type Fault, limitFaults } from "./faults.ts";

/** What parsing one pushed order yields. */
export type ParsedOrder =
  | { readonly order: OrderPush }
  | { readonly orderId: string | null; readonly faults: readonly Fault[] };

/**
 * Reads one pushed order as it came from JSON; every fault is listed, with its path. What it yields can be
 * looked up: text that the database refuses would fail the orders beside it too.
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

/** What is wrong with the order itself has no path. */
const named = ({ field, reason }: Fault): Fault => ({ field: field || "order", reason });

/** The order's id even where the rest cannot be read, so that an answer can be matched to its order. */
function orderIdIn(value: unknown): string | null {
  if (typeof value !== "object" || value === null || !("orderId" in value)) return null;
  return typeof value.orderId === "string" ? value.orderId.slice(0, 200) : null;
}
