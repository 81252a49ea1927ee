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

/** What tills send when something is wrong with them, or with those who programmed them. */
const junk: readonly unknown[] = [
  null,
  "",
  " ",
  "0",
  "-0",
  0,
  -1,
  1e21,
  0.1,
  "1e3",
  "NaN",
  "12,50",
  "4503599627370496",
  "9".repeat(400),
  true,
  [],
  {},
  [null],
  { $gt: "" },
  "' or 1=1 --",
  "\u202e\u0000",
  "\ud800",
  "İstanbul ß 🍕 \u0301",
  "x".repeat(10_000),
  "2026-11-20",
  "2026-11-20T25:00:00Z",
  "2026-11-20T10:00:00+14:00",
  "2000-01-01T00:00:00Z",
  "toString",
];

/** The order with one value of it, wherever that stands, replaced by junk or left out. */
export function spoilAnywhere(order: OrderPushInput, dice: Dice): unknown {
  const spoilt = structuredClone(order) as unknown as Record<string, unknown>;
  let place = spoilt;
  for (;;) {
    const key = dice.pick(Object.keys(place));
    const inner = place[key];
    if (isContainer(inner) && Object.keys(inner).length > 0 && dice.chance(0.8)) {
      place = inner;
      continue;
    }
    if (dice.chance(0.1)) delete place[key];
    else place[key] = dice.pick(junk);
    return spoilt;
  }
}

function isContainer(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
