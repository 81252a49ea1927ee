import {
  addDays,
  composeNet,
  type OrderPushInput,
  OrderPushV1,
  zeroMeasures,
} from "@tillcast/schemas";
import { expect, test } from "vitest";
import { planDay } from "./day-plan.ts";
import { expectedNet, expectedTotals } from "./expected-totals.ts";
import { randomOf } from "./random.ts";
import { storeProfile, storeProfiles } from "./store-profiles.ts";
import { heavyTrouble } from "./trouble.ts";

const scenario = { seed: 21, accountId: "demo", trouble: heavyTrouble };
const dates = Array.from({ length: 3 }, (_, day) => addDays("2026-04-03", day));
const orders = storeProfiles.flatMap((profile) =>
  dates.flatMap((date) =>
    planDay(profile, scenario, date).flatMap(({ pictures }) => pictures.map(({ order }) => order)),
  ),
);

test("order of arrival and repetition change nothing", () => {
  const random = randomOf(1, "shuffle");
  const shuffled = [...orders, ...orders.slice(0, 500)]
    .map((order) => ({ order, place: random.next() }))
    .sort((a, b) => a.place - b.place)
    .map(({ order }) => order);
  expect(expectedTotals(shuffled, storeProfiles)).toEqual(expectedTotals(orders, storeProfiles));
});

test("what is counted is what was paid, tipped and not given back, to the last unit", () => {
  // Where neither gratuity nor rounding is charged, nothing else is in the till.
  for (const key of ["london-cafe", "tokyo-ramen", "kathmandu-momo", "berlin-pizzeria"]) {
    const own = orders.filter((order) => order.locationId === key);
    const counted = expectedTotals(own, storeProfiles).reduce(
      (sum, total) => sum + expectedNet(total) + total.tax + total.tip,
      0n,
    );
    expect(counted).toBe(tillOf(own));
    expect(counted > 0n).toBe(true);
  }
});

test("an order of one line, voided the next day, counts on both days", () => {
  const order = {
    orderId: "one",
    locationId: "berlin-pizzeria",
    version: { vendorVersion: 1 },
    status: "voided",
    openedAt: "2026-05-05T23:30:00Z",
    paidAt: "2026-05-06T00:05:00Z",
    closedAt: "2026-05-06T00:05:00Z",
    voidedAt: "2026-05-06T09:00:00Z",
    currency: "EUR",
    channel: "dine_in",
    lines: [{ key: "l1", name: "Pizza", gross: "1000", net: "1000", tax: "70" }],
    charges: [{ key: "c1", kind: "service", net: "100", tax: "7" }],
  } satisfies OrderPushInput;
  const shared = {
    locationId: "berlin-pizzeria",
    channel: "dine_in",
    currency: "EUR",
    refund: 0n,
    tip: 0n,
  };
  expect(expectedTotals([order], storeProfiles)).toEqual([
    // 02:05 in Berlin still belongs to the day before, which turns at 04:00.
    {
      ...shared,
      businessDate: "2026-05-05",
      windowStart: Date.UTC(2026, 4, 6, 0),
      net: 1000n,
      charges: 100n,
      void: 0n,
      tax: 77n,
      orders: 1n,
    },
    {
      ...shared,
      businessDate: "2026-05-06",
      windowStart: Date.UTC(2026, 4, 6, 9),
      net: 0n,
      charges: -100n,
      void: 1000n,
      tax: -77n,
      orders: -1n,
    },
  ]);
});

test("net is composed as the tenant's default policy composes it", () => {
  const [total] = expectedTotals(orders, storeProfiles);
  if (total === undefined) throw new Error("there are no totals");
  const { net, refund, charges } = total;
  const measures = { ...zeroMeasures(), net, refund, void: total.void, charge_service: charges };
  expect(expectedNet(total)).toBe(composeNet(measures, ["service", "delivery"]));
  expect(storeProfile(total.locationId)?.currency).toBe(total.currency);
});

/** Payments and tips less refunds, over the newest version of each order. */
function tillOf(pushes: readonly OrderPushInput[]): bigint {
  const newest = new Map(pushes.map((push) => [push.orderId, push]));
  return [...newest.values()]
    .map((push) => OrderPushV1.parse(push))
    .filter((push) => !push.testMode)
    .reduce((sum, push) => {
      const paid = push.payments.filter(({ status }) => status === "done");
      const taken = paid.reduce((amount, payment) => amount + payment.amount + payment.tip, 0n);
      return sum + taken - push.refunds.reduce((amount, refund) => amount + refund.amount, 0n);
    }, 0n);
}
