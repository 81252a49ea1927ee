import { appError } from "@tillcast/core";
import { PUSH_MAX_COUNT } from "@tillcast/schemas";

/** The orders of a request's body, and the path of the order at an index for its faults. */
export interface OrdersInBody {
  readonly orders: readonly unknown[];
  pathOf(index: number): string;
}

/** Reads the three forms of a body: one order, an array of orders, `{"orders": [...]}`. */
export function ordersIn(body: unknown): OrdersInBody {
  if (Array.isArray(body)) return limited(body, (index) => `[${index}].`);
  if (typeof body === "object" && body !== null && "orders" in body && !("orderId" in body)) {
    const { orders } = body;
    if (!Array.isArray(orders)) {
      throw appError("validationFailed", { field: "orders", reason: "must be a list of orders" });
    }
    return limited(orders, (index) => `orders[${index}].`);
  }
  return limited([body], () => "");
}

function limited(orders: readonly unknown[], pathOf: (index: number) => string): OrdersInBody {
  if (orders.length === 0) {
    throw appError("validationFailed", { field: "orders", reason: "must hold at least one order" });
  }
  if (orders.length > PUSH_MAX_COUNT) {
    throw appError("tooLarge", { what: "The list of orders", limit: `${PUSH_MAX_COUNT} orders` });
  }
  return { orders, pathOf };
}
