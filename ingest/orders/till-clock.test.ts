import { describe, expect, test } from "vitest";
import { aContext, anOrder, NOON_MS } from "../testing/order-builders.ts";
import { normaliseOrder } from "./normalise-order.ts";
import { parseOrder } from "./parse-order.ts";
import { CLOCK_AHEAD_MAX_MS, clockOf } from "./till-clock.ts";

const iso = (ms: number) => new Date(ms).toISOString();
function clockBy(change: Parameters<typeof anOrder>[0]) {
  const parsed = parseOrder(anOrder({ closedAt: null, paidAt: null, payments: [], ...change }));
  if ("faults" in parsed) throw new Error(JSON.stringify(parsed.faults));
  const normalised = normaliseOrder(parsed.order, aContext());
  if ("faults" in normalised) throw new Error(JSON.stringify(normalised.faults));
  return clockOf(normalised.snapshot);
}
const payment = { key: "p", method: "card", amount: "1450" };
const later = iso(NOON_MS + CLOCK_AHEAD_MAX_MS + 1);

describe("a till's clock", () => {
  test("is ahead where something done lies more than ten minutes after its receipt", () => {
    expect(clockBy({ paidAt: later })).toEqual({ aheadMs: 600_001, doneAt: null });
    expect(clockBy({ closedAt: iso(NOON_MS + 3 * 3_600_000) }).aheadMs).toBe(3 * 3_600_000);
    expect(clockBy({ payments: [{ ...payment, at: later }] }).aheadMs).toBe(600_001);
  });

  test("is right at ten minutes, and behind", () => {
    const paidAt = iso(NOON_MS + CLOCK_AHEAD_MAX_MS);
    expect(clockBy({ paidAt })).toEqual({ aheadMs: null, doneAt: NOON_MS });
    const before = NOON_MS - 60_000;
    expect(clockBy({ paidAt: iso(before) })).toEqual({ aheadMs: null, doneAt: before });
  });

  test("is not judged by what is only meant to be", () => {
    const open = { status: "open", openedAt: later } as const;
    expect(clockBy(open)).toEqual({ aheadMs: null, doneAt: null });
    const pending = { ...payment, status: "pending", at: later } as const;
    expect(clockBy({ ...open, payments: [pending] }).aheadMs).toBeNull();
  });
});
