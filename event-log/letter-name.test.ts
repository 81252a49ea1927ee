import { inboxOrderCodec, inboxTopicOf, orderSnapshotCodec, topics } from "@tillcast/schemas";
import { expect, test } from "vitest";
import { orderNameOf } from "./letter-name.ts";
import { anOrder } from "./schema-ids/testing/an-order.ts";

const tenantId = "01990000-0000-7000-8000-000000000001";

test("an order is named by what it says of itself, on either order topic", () => {
  const value = Buffer.from(orderSnapshotCodec.encode(anOrder({ orderId: "T/7" })));
  const name = { tenantId, source: "push", accountId: "default", orderId: "T/7" };
  for (const { topic } of [topics.orders, topics.ordersBackfill]) {
    expect(orderNameOf(topic, value)).toEqual(name);
  }
});

test("an order of an inbox is its tenant's, whatever else of it is at fault", () => {
  const value = Buffer.from(
    inboxOrderCodec.encode({
      orderId: "1001",
      version: { vendorVersion: "2026-11-21T12:31:00Z" },
      status: "hovering",
      openedAt: "never",
      currency: "EUR",
    }),
  );
  const expected = { tenantId, accountId: "default", orderId: "1001" };
  expect(orderNameOf(inboxTopicOf(tenantId).topic, value)).toMatchObject(expected);
});

test("what is no order has no name", () => {
  for (const topic of [topics.orders.topic, topics.jobs.topic, inboxTopicOf(tenantId).topic]) {
    expect(orderNameOf(topic, Buffer.from("not an order"))).toBeUndefined();
  }
});
