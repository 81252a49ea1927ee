import type { OrderSnapshot } from "@tillcast/schemas";

/** How far ahead of its receipt something done may seem to lie: clocks of tills drift, and networks take time. */
export const CLOCK_AHEAD_MAX_MS: number = 10 * 60_000;

/** What an order says of its till's clock; both null where it tells of nothing done. */
export interface TillClock {
  /** By how much the clock is ahead of ours at the least; null where it is not seen to be. */
  readonly aheadMs: number | null;
  /** The newest instant at which something was done, where that is not ahead. */
  readonly doneAt: number | null;
}

/** Nothing is known of the clock. */
export const unknownClock: TillClock = { aheadMs: null, doneAt: null };

/**
 * Judges a till's clock by what an order says is done: paid, closed, a payment taken. Nothing done can lie
 * after its receipt, whereas an order for next week may be opened, dated and open.
 */
export function clockOf(
  order: Pick<OrderSnapshot, "paidAt" | "closedAt" | "payments" | "receivedAt">,
): TillClock {
  const done = [order.paidAt, order.closedAt].filter((instant) => instant !== null);
  for (const payment of order.payments) if (payment.status === "done") done.push(payment.at);
  if (done.length === 0) return unknownClock;
  return clockAt(Math.max(...done), order.receivedAt);
}

/** Judges a till's clock by one instant that it says has passed. */
export function clockAt(passedAt: number, receivedAt: number): TillClock {
  const aheadMs = passedAt - receivedAt;
  return aheadMs > CLOCK_AHEAD_MAX_MS
    ? { aheadMs, doneAt: null }
    : { aheadMs: null, doneAt: Math.min(passedAt, receivedAt) };
}
