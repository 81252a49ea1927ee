import type { CountedWhen, OrderStatus } from "./order-words.ts";

/** What decides when an order counts, of a push or of a snapshot. */
export interface CountedOrder {
  readonly status: OrderStatus;
  readonly openedAt: number;
  readonly closedAt?: number | null | undefined;
  readonly paidAt?: number | null | undefined;
  readonly payments: readonly {
    readonly status: string;
    readonly amount: bigint;
    readonly at: number;
  }[];
  /** What is asked for, without the tip. */
  readonly totals: { readonly total: bigint };
  readonly unreconciled?: bigint | null | undefined;
}

/**
 * The instant at which an order counts, in UTC milliseconds; null while it does not. Rule `ordered`: when
 * it was opened. Rule `paid`: see `paidInstantOf`. It depends on the order's picture alone, so a version
 * that was never seen changes nothing.
 */
export function countedAtOf(order: CountedOrder, rule: CountedWhen): number | null {
  return rule === "ordered" ? order.openedAt : paidInstantOf(order);
}

/**
 * When an order was paid as a whole: at `paidAt` where the vendor says it, else at the first instant at
 * which its done payments, less change, cover its total. A bill of which one check of two is paid is open. An
 * order that is no longer open counts when it was closed, else opened: tills close what another system
 * collects.
 */
export function paidInstantOf(order: CountedOrder): number | null {
  const { paidAt, closedAt, status, openedAt } = order;
  if (paidAt !== null && paidAt !== undefined) return paidAt;
  return coveredAtOf(order) ?? (status === "open" ? null : (closedAt ?? openedAt));
}

/** The first instant at which the done payments made until then cover the total. */
function coveredAtOf({ payments, totals, unreconciled }: CountedOrder): number | null {
  const done = payments.filter(({ status }) => status === "done").sort((a, b) => a.at - b.at);
  const asked = totals.total + (unreconciled ?? 0n);
  let paid = 0n;
  for (const [index, { amount, at }] of done.entries()) {
    paid += amount;
    // What was paid and given back at one instant, such as change, is one act.
    if (done[index + 1]?.at !== at && paid >= asked) return at;
  }
  return null;
}
