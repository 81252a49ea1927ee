import type { OrderPushInput } from "@tillcast/schemas";
import type { Dice } from "./dice.ts";

/**
 * A picture of the order that must be refused, each time for another reason. Its version is newer than
 * any true one, so that it would show in the sums if it were ever taken.
 */
export function spoilOrder(order: OrderPushInput, dice: Dice): unknown {
  const newer = { ...order, version: { vendorVersion: 1_000 } };
  return dice.pick<(order: OrderPushInput) => unknown>([
    (one) => ({ ...one, currency: "EUX" }),
    (one) => ({ ...one, openedAt: "2999-01-01T00:00:00Z" }),
    (one) => ({ ...one, openedAt: "yesterday" }),
    (one) => ({ ...one, status: "gone" }),
    (one) => ({ ...one, lines: [{ key: "l1", name: "Half a cent", gross: "10.5" }] }),
    (one) => ({ ...one, lines: [{ key: "l1", name: "Less than nothing", gross: "-100" }] }),
    (one) => ({ ...one, registerId: "till\u0000one" }),
    (one) => ({ ...one, lines: "none" }),
    (one) => ({ ...one, surprise: true }),
    (one) => [one],
  ])(newer);
}
