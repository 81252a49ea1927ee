import { OrderPushV1 } from "@tillcast/schemas";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { normaliseOrder } from "../orders/normalise-order.ts";
import type { OrderContext } from "../orders/order-context.ts";
import { aContext, anOrder, NOON_MS } from "../testing/order-builders.ts";
import { restamped } from "./restamp.ts";

const seed = Number(process.env.TEST_SEED ?? Date.now() % 1_000_000_000);
console.log(`restamp properties: TEST_SEED=${seed}`);

const berlin = aContext();
const newYork = aContext({
  storeId: "33333333-3333-4333-8333-333333333333",
  timeZone: "America/New_York",
  closeouts: [{ effectiveFrom: "2020-01-01", closeoutMinute: 360 }],
  settingsRevision: 7,
  mappingRevision: 4,
});
const moved = aContext({
  storeId: "44444444-4444-4444-8444-444444444444",
  timeZone: "Asia/Tokyo",
  zones: [
    { effectiveFrom: "2000-01-01", timeZone: "Europe/Lisbon" },
    { effectiveFrom: "2026-11-20", timeZone: "Asia/Tokyo" },
  ],
  authorityFrom: "2026-11-20",
  mappingRevision: 9,
});

function stamped(push: ReturnType<typeof anOrder>, context: OrderContext) {
  const normalised = normaliseOrder(OrderPushV1.parse(push), context);
  if ("faults" in normalised) throw new Error(JSON.stringify(normalised.faults));
  return normalised.snapshot;
}
const restamp = (push: ReturnType<typeof anOrder>, was: OrderContext, now: OrderContext) =>
  restamped(stamped(push, was), { was, store: now, feed: now });

const minutes = (max: number) => fc.integer({ min: 0, max });
/** Instants, some of which fall on other trading days in one of the zones. */
const orders = fc
  .record({
    opened: fc.integer({ min: -4_000, max: -1_500 }),
    paid: fc.option(minutes(900)),
    refund: fc.option(minutes(900)),
    lineVoid: fc.option(minutes(900)),
    isVoided: fc.boolean(),
    given: fc.option(fc.constantFrom("2026-11-17", "2026-11-18", "2026-11-19")),
    isOpen: fc.boolean(),
  })
  .map(({ opened, paid, refund, lineVoid, isVoided, given, isOpen }) => {
    const at = (offset: number) => new Date(NOON_MS + (opened + offset) * 60_000).toISOString();
    const status = isVoided ? "voided" : isOpen && paid === null ? "open" : "closed";
    return anOrder({
      openedAt: at(0),
      closedAt: status === "open" ? undefined : at(paid ?? 5),
      paidAt: paid === null ? undefined : at(paid),
      status,
      businessDate: given ?? undefined,
      payments:
        status === "open" || isVoided
          ? []
          : [{ key: "p", method: "card", amount: "1450", at: at(paid ?? 7) }],
      refunds:
        refund === null || status !== "closed" ? [] : [{ key: "r", amount: "100", at: at(refund) }],
      lines: [
        { key: "1", name: "Soup", gross: "1250", tax: "200" },
        {
          key: "2",
          name: "Tea",
          gross: "300",
          ...(lineVoid !== null && { voidedAt: at(lineVoid) }),
        },
      ],
    });
  });

describe("an order stamped again", () => {
  test("is what it would have been, had its feed always been as it is now", () => {
    const stores = fc.constantFrom(berlin, newYork, moved);
    fc.assert(
      fc.property(orders, stores, stores, (push, was, now) => {
        expect(restamp(push, was, now)).toEqual(stamped(push, now));
      }),
      { seed, numRuns: 500 },
    );
  });

  test("is the same bytes each time, so that a second run changes nothing", () => {
    const once = restamp(anOrder(), berlin, newYork);
    expect(restamped(once, { was: newYork, store: newYork, feed: newYork })).toEqual(once);
  });

  test("keeps the dates that the vendor gave, of the order and of its parts", () => {
    const push = anOrder({
      businessDate: "2026-11-18",
      payments: [{ key: "p", method: "card", amount: "1450", businessDate: "2026-11-15" }],
    });
    const order = restamp(push, berlin, newYork);
    expect(order.businessDate).toBe("2026-11-18");
    expect(order.payments.map(({ businessDate }) => businessDate)).toEqual(["2026-11-15"]);
  });

  test("is newer by its mapping revision alone, and is withheld by the new dates", () => {
    const before = stamped(
      anOrder({
        openedAt: "2026-11-18T10:00:00Z",
        paidAt: "2026-11-18T10:00:00Z",
        closedAt: undefined,
        payments: [],
      }),
      berlin,
    );
    const order = restamped(before, { was: berlin, store: moved, feed: moved });
    expect(order.version).toEqual({
      ...before.version,
      mappingRevision: 9,
      hash: order.version.hash,
    });
    expect(order.withheld).toBe(
      "kept, not counted: this feed is the authority from 20 November 2026 on",
    );
    const back = restamped(order, {
      was: moved,
      store: berlin,
      feed: { ...berlin, mappingRevision: 10 },
    });
    expect(back).toMatchObject({
      withheld: null,
      storeId: berlin.storeId,
      version: { mappingRevision: 10 },
    });
  });
});
