import type { EntryKind, Measures, OrderSnapshot } from "@tillcast/schemas";

/** What of an order, as it is now, tells what an entry is. */
export type EntryOrder = Pick<OrderSnapshot, "kind" | "status"> & {
  readonly refunds: readonly Pick<OrderSnapshot["refunds"][number], "at" | "status">[];
};

/** An entry, and whether it is of the first picture of its order that counted. */
export interface KindOfEntry {
  readonly isFirst: boolean;
  readonly countedAt: number;
  readonly values: Measures;
  readonly order: EntryOrder;
}

/**
 * What an entry is: the sale, something given back or taken back, or the difference that a later picture
 * of the order made to what had been counted. The ledger keeps differences and not their causes; the
 * columns that an entry moves, and the order as it is now, tell them apart.
 */
export function entryKindOf({ isFirst, countedAt, values, order }: KindOfEntry): EntryKind {
  const sellsNothing = values.gross === 0n && values.discount === 0n && values.net === 0n;
  if (sellsNothing && values.void > 0n) return "void";
  if (order.kind === "return") return isFirst ? "return" : "correction";
  if (sellsNothing && (values.refund > 0n || isRefundOfOther(countedAt, values, order))) {
    return "refund";
  }
  if (!isFirst) return "correction";
  // Sold and taken back at one instant.
  if (values.orders <= 0n && values.void > 0n) return "void";
  return values.orders > 0n || sellsNothing ? "sale" : "correction";
}

/** A refund of a tip or of a charge moves neither sales nor the refunds of sales. */
function isRefundOfOther(countedAt: number, values: Measures, order: EntryOrder): boolean {
  const isAtRefund = order.refunds.some(({ at, status }) => status === "done" && at === countedAt);
  return isAtRefund && values.orders === 0n && values.refund === 0n && values.void === 0n;
}
