import { z } from "zod";
import { nameDecisions, orderKinds, orderSources, orderStatuses } from "../orders/order-words.ts";

const money = z.string();
const instant = z.iso.datetime({ offset: true });

/** An order as a person tells it from another. Amounts are minor units of its currency as text. */
export const OrderPicture = z.object({
  storeId: z.string(),
  locationId: z.string(),
  registerId: z.string().nullable(),
  vendorVersion: z.string(),
  kind: z.enum(orderKinds),
  status: z.enum(orderStatuses),
  openedAt: instant,
  paidAt: instant.nullable(),
  businessDate: z.iso.date(),
  currency: z.string(),
  total: money,
  lines: z.array(z.object({ name: z.string(), gross: money })),
  payments: z.array(z.object({ method: z.string(), amount: money })),
});

/** An order that bears the number of another; counted nowhere until it is decided what it is. */
export const NameConflictView = z.object({
  id: z.string(),
  source: z.enum(orderSources),
  accountId: z.string(),
  orderId: z.string(),
  storeId: z.string(),
  reason: z.string(),
  receivedAt: instant,
  /** `renamed` where the feed's numbering named it. */
  decision: z.enum([...nameDecisions, "discard", "renamed"]).nullable(),
  decidedBy: z.string().nullable(),
  decidedAt: instant.nullable(),
  arrived: OrderPicture,
  /** The order that was known under the number then. */
  known: OrderPicture,
});

export const NameConflictsQuery = z.strictObject({
  decided: z.enum(["yes", "no"]).default("no").describe("`yes` lists the decided ones as well."),
});
export const NameConflictList = z.object({
  conflicts: z.array(NameConflictView),
  /** Whether there are more than are shown. */
  isCut: z.boolean(),
});
export const NameConflictParams = z.object({ conflictId: z.guid() });
export const NameDecisionRequest = z.strictObject({
  as: z.enum([...nameDecisions, "discard"]),
});
export const NameDecisionResponse = z.object({
  /** Pictures decided: the one that is named, and later ones of the same bill. */
  decided: z.int(),
});

export type NameConflictView = z.output<typeof NameConflictView>;
export type OrderPicture = z.output<typeof OrderPicture>;
