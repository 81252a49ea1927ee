import { type Numbering, numberSpaceOf, type OrderPush } from "@tillcast/schemas";
import type { Fault } from "./faults.ts";
import type { OrderContext } from "./order-context.ts";
import { datesOf } from "./order-dates.ts";

/** The fields of a snapshot that make up its name. */
export interface OrderNaming {
  readonly numbering: Numbering | null;
  readonly numberSpace: string | null;
}

/** Finds an order whose number needs a register, but that has none. */
export function checkNumbering(order: OrderPush, numbering: Numbering, faults: Fault[]): void {
  const isPerRegister = numbering === "per_register" || numbering === "per_register_and_day";
  if (!isPerRegister || order.registerId !== undefined) return;
  faults.push({
    field: "registerId",
    reason: "is missing; this feed's numbers are per register",
  });
}

/**
 * Names an order by its feed's numbering, besides source, account and number. While processes of the release
 * before may read the log, it keeps the name that they know; otherwise it would be two orders. Pure.
 */
export function namingOf(order: OrderPush, context: OrderContext): OrderNaming {
  const { numbering, locationId, writesPresent = true } = context;
  if (!writesPresent) return { numbering, numberSpace: null };
  const { source, accountId, registerId = null, openedAt, businessDate } = order;
  const openedOn = datesOf(businessDate, context, openedAt).ofOrder;
  const numbered = { source, accountId, locationId, registerId, openedOn };
  return { numbering, numberSpace: numberSpaceOf(numbered, numbering) };
}
