import type { OrderSnapshot } from "@tillcast/schemas";

/** How far after its receipt a completed action may seem to be, because tills' clocks drift. */
export const CLOCK_AHEAD_MAX_MS: number = 10 * 60_000;

/** What an order tells about its till's clock. Both are null if the order contains no completed action. */
export interface TillClock {
  /** By how much the clock is ahead of ours, at least; null if it is not ahead. */
  readonly aheadMs: number | null;
  /** The newest completed action, if its time is not ahead. */
  readonly doneAt: number | null;
}

/** The clock is unknown. */
export const unknownClock: TillClock = { aheadMs: null, doneAt: null };

/**
 * Checks a till's clock by an order's completed actions: paid, closed, a payment taken. A completed action
 * cannot be later than its receipt. An open order may have a date next week.
 */
export function clockOf(
  order: Pick<OrderSnapshot, "paidAt" | "closedAt" | "payments" | "receivedAt">,
): TillClock {
  const done = [order.paidAt, order.closedAt].filter((instant) => instant !== null);
  for (const payment of order.payments) if (payment.status === "done") done.push(payment.at);
  if (done.length === 0) return unknownClock;
  return clockAt(Math.max(...done), order.receivedAt);
}

/** Checks a till's clock by one instant that has passed by that clock. */
export function clockAt(passedAt: number, receivedAt: number): TillClock {
  const aheadMs = passedAt - receivedAt;
  return aheadMs > CLOCK_AHEAD_MAX_MS
    ? { aheadMs, doneAt: null }
    : { aheadMs: null, doneAt: Math.min(passedAt, receivedAt) };
}
