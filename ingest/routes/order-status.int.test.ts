import { randomUUID } from "node:crypto";
import { topics } from "@tillcast/schemas";
import { afterAll, beforeAll, expect, test } from "vitest";
import { makeKnownVersions } from "../accept/known-versions.ts";
import { findOrderStatus } from "../status/find-order-status.ts";
import { addTenant, type IngestHarness, startIngestHarness } from "../testing/ingest-harness.ts";
import { anOrder } from "../testing/order-builders.ts";
import { startTestLedger } from "../testing/test-ledger.ts";

let app: IngestHarness;
beforeAll(async () => {
  app = await startIngestHarness();
});
afterAll(() => app.close());

const statusOf = async (orderId: string | undefined) =>
  app.get(`/v1/orders/push/default/${orderId}/status`);

test("an order is pending until the ledger has it, then counted in its windows", async () => {
  const order = anOrder({ orderId: randomUUID(), storeId: app.tenant.storeId });
  const testOrder = { ...order, orderId: randomUUID(), testMode: true };
  const { paidAt: _, closedAt: __, ...rest } = order;
  const open = { ...rest, orderId: randomUUID(), status: "open" as const, payments: [] };
  await app.push([order, testOrder, open]);
  expect((await statusOf(order.orderId)).body).toMatchObject({ state: "pending", windows: [] });

  const ledger = await startTestLedger(app.database, app.eventLog, topics.orders.topic);
  await expect.poll(() => ledger.settled.length, { timeout: 10_000 }).toBe(3);
  expect((await statusOf(order.orderId)).body).toMatchObject({
    state: "counted",
    reason: null,
    storeId: app.tenant.storeId,
    vendorVersion: "1",
    countedAt: "2026-11-20T10:50:00.000Z",
    windows: [
      {
        start: "2026-11-20T10:45:00.000Z",
        end: "2026-11-20T11:00:00.000Z",
        businessDate: "2026-11-20",
        channel: "dine_in",
        currency: "EUR",
        net: "1250",
      },
    ],
  });
  expect((await statusOf(testOrder.orderId)).body).toMatchObject({
    state: "not-counted",
    reason: "the order is in test mode",
  });
  expect((await statusOf(open.orderId)).body).toMatchObject({ state: "open", windows: [] });
  await ledger.close();

  await app.push({ ...order, version: { vendorVersion: 2 } });
  const newer = (await statusOf(order.orderId)).body;
  expect(newer).toMatchObject({ state: "pending", vendorVersion: "2", windows: [{ net: "1250" }] });
});

test("an order that another process accepted is found in the log while it is not settled", async () => {
  const order = anOrder({ orderId: randomUUID(), storeId: app.tenant.storeId });
  await app.push(order);
  const { database, eventLog, tenant } = app;
  const versions = makeKnownVersions(database);
  const name = { source: "push", accountId: "default", orderId: order.orderId };
  const find = () => findOrderStatus({ database, eventLog, versions }, tenant.tenantId, name);
  expect(await find()).toMatchObject({ state: "pending", storeId: tenant.storeId });
});

test("parked, set aside and unknown orders say so, and another tenant's are unknown", async () => {
  const parked = anOrder({ orderId: randomUUID(), locationId: "nowhere" });
  await app.push(parked);
  const status = await statusOf(parked.orderId);
  expect(status.body).toMatchObject({ state: "parked", storeId: null });
  expect(status.body.reason).toContain("is not mapped");

  const dead = anOrder({ orderId: randomUUID(), storeId: app.tenant.storeId });
  await app.push(dead);
  const topic = topics.orders.topic;
  const topicId = await app.eventLog.topicId(topic);
  for (const { partition, start } of await app.eventLog.bounds(topic)) {
    for (const record of await app.eventLog.read({
      topic,
      partition,
      from: start,
      maxCount: 999,
      maxBytes: 1e8,
    })) {
      if (!record.value.includes(dead.orderId)) continue;
      await app.database.service.query(
        `insert into dead_letter (topic, topic_id, partition, record_offset, group_name, key, value, headers, reason, at)
         values ($1, $2, $3, $4, 'ledger', $5, $6, '{}', 'it cannot be folded', now())`,
        [topic, topicId, partition, record.offset, record.key, record.value],
      );
    }
  }
  expect((await statusOf(dead.orderId)).body).toMatchObject({
    state: "dead-lettered",
    reason: "it cannot be folded",
  });

  // Named by whoever asked; a thousand newer letters of the account do not hide it.
  const { rows } = await app.database.service.query(
    `insert into dead_letter (topic, topic_id, partition, record_offset, group_name, key, value, headers, reason, at,
       is_named, tenant_id, source, account_id, order_id)
     select topic, topic_id, partition, 1000000 + n, group_name, key, value, headers, 'another', at + interval '1 s',
       true, tenant_id, source, account_id, 'other-' || n
     from dead_letter, generate_series(1, 1100) as n
     where order_id = $1
     returning order_id`,
    [dead.orderId],
  );
  expect(rows).toHaveLength(1_100);
  expect((await statusOf(dead.orderId)).body).toMatchObject({ state: "dead-lettered" });

  expect((await statusOf("nothing")).status).toBe(404);
  const other = await addTenant(app.database);
  const foreign = await app.get(`/v1/orders/push/default/${parked.orderId}/status`, other.key);
  expect(foreign.status).toBe(404);
});
