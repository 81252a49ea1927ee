import { OrderPushV1 } from "@tillcast/schemas";
import { expect, test } from "vitest";
import { expectedNet, expectedTotals } from "./expected-totals.ts";
import { type LoadOptions, loadOrders, simulatedStores } from "./load.ts";

const stores = simulatedStores(8);
const options: LoadOptions = {
  seed: 1,
  orders: 3_000,
  stores,
  accountId: "load",
  fromMs: Date.UTC(2026, 4, 4),
  spanMs: 86_400_000,
  editShare: 0.1,
  duplicateShare: 0.1,
  lateShare: 0.1,
};

test("a load is the same each time and holds the orders, edits and duplicates it was asked for", () => {
  const orders = [...loadOrders(options)];
  expect([...loadOrders(options)]).toEqual(orders);
  const count = (version: number) =>
    orders.filter((order) => order.version.vendorVersion === version).length;
  expect(new Set(orders.map((order) => order.orderId)).size).toBe(3_000);
  expect(count(2)).toBeGreaterThan(200);
  expect(count(2)).toBeLessThan(400);
  expect(count(1)).toBeGreaterThan(3_200);
  expect([...loadOrders({ ...options, editShare: 0, duplicateShare: 0 })]).toHaveLength(3_000);
});

test("every order of a load is a valid push of about one kilobyte", () => {
  for (const order of [...loadOrders(options)].slice(0, 500)) {
    const text = JSON.stringify(order);
    OrderPushV1.parse(JSON.parse(text));
    expect(text.length).toBeGreaterThan(900);
    expect(text.length).toBeLessThan(1_300);
  }
});

test("the expected totals of a load sum the newest version of each order", () => {
  const orders = [...loadOrders(options)];
  const totals = expectedTotals(orders, stores);
  const newest = new Map<string, { version: number; net: bigint }>();
  for (const { orderId, version, lines = [] } of orders) {
    const known = newest.get(orderId)?.version ?? 0;
    if (Number(version.vendorVersion) < known) continue;
    const net = lines.reduce((sum, line) => sum + BigInt(line.net ?? 0), 0n);
    newest.set(orderId, { version: Number(version.vendorVersion), net });
  }
  const expected = [...newest.values()].reduce((sum, { net }) => sum + net, 0n);
  expect(totals.reduce((sum, total) => sum + expectedNet(total), 0n)).toBe(expected);
  expect(totals.reduce((sum, total) => sum + total.orders, 0n)).toBe(3_000n);
});
