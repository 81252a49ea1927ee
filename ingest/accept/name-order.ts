import { businessDateOf, type Numbering, numberSpaceOf, type OrderPush } from "@tillcast/schemas";
import type { Fault } from "./faults.ts";
import type { StampContext } from "./stamp-context.ts";

/** What a snapshot says of its own name. */
export interface OrderNaming {
  readonly numbering: Numbering | null;
  readonly numberSpace: string | null;
}

/**
 * Whether orders may be named by more than their source, account and number. A log that older processes
 * read cannot carry such names: an order would be two for them.
 */
export const mayNameByLocation = (): boolean => true;

/** Finds an order whose number means nothing without a register that it does not name. */
export function checkNumbering(order: OrderPush, numbering: Numbering, faults: Fault[]): void {
  const isPerRegister = numbering === "per_register" || numbering === "per_register_and_day";
  if (!isPerRegister || order.registerId !== undefined) return;
  faults.push({
    field: "registerId",
    reason: "is missing; this feed's numbers are per register",
  });
}

/** Names an order beside its source, account and number, by its feed's numbering. Pure. */
export function namingOf(order: OrderPush, context: StampContext): OrderNaming {
  if (!mayNameByLocation()) return { numbering: null, numberSpace: null };
  const { numbering, locationId, timeZone, closeouts } = context;
  const { source, accountId, registerId = null, openedAt, businessDate } = order;
  const openedOn = businessDate ?? businessDateOf(openedAt, timeZone, closeouts);
  const numbered = { source, accountId, locationId, registerId, openedOn };
  return { numbering, numberSpace: numberSpaceOf(numbered, numbering) };
}
