import { type Numbering, numberSpaceOf, type OrderPush } from "@tillcast/schemas";
import type { Fault } from "./faults.ts";
import { datesOf } from "./order-dates.ts";
import type { StampContext } from "./stamp-context.ts";

/** What a snapshot says of its own name. */
export interface OrderNaming {
  readonly numbering: Numbering | null;
  readonly numberSpace: string | null;
}

/** Finds an order whose number means nothing without a register that it does not name. */
export function checkNumbering(order: OrderPush, numbering: Numbering, faults: Fault[]): void {
  const isPerRegister = numbering === "per_register" || numbering === "per_register_and_day";
  if (!isPerRegister || order.registerId !== undefined) return;
  faults.push({
    field: "registerId",
    reason: "is missing; this feed's numbers are per register",
  });
}

/**
 * Names an order beside its source, account and number, by its feed's numbering. While processes of the
 * release before may read the log it keeps the name by which they know it: it would be two orders. Pure.
 */
export function namingOf(order: OrderPush, context: StampContext): OrderNaming {
  const { numbering, locationId, writesPresent = true } = context;
  if (!writesPresent) return { numbering, numberSpace: null };
  const { source, accountId, registerId = null, openedAt, businessDate } = order;
  const openedOn = datesOf(businessDate, context, openedAt).ofOrder;
  const numbered = { source, accountId, locationId, registerId, openedOn };
  return { numbering, numberSpace: numberSpaceOf(numbered, numbering) };
}
