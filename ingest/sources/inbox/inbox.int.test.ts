import { randomUUID } from "node:crypto";
import { appError, systemClock } from "@tillcast/core";
import { listDeadLetters, redriveDeadLetters } from "@tillcast/event-log";
import {
  INBOX_GROUP,
  inboxOrderCodec,
  inboxTopicOf,
  orderSnapshotCodec,
  topics,
} from "@tillcast/schemas";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import {
  addStore,
  addTenant,
  type IngestHarness,
  startIngestHarness,
} from "../../testing/ingest-harness.ts";
import { anOrder } from "../../testing/order-builders.ts";
import { createInbox } from "./inbox-topics.ts";

let app: IngestHarness;
let topic: string;
beforeAll(async () => {
  app = await startIngestHarness({ INGEST_INBOX_CHECK_INTERVAL_MS: "50" });
  ({ topic } = await createInbox(app, app.tenant.tenantId));
});
afterAll(() => app.close());

const ofStore = (change: Record<string, unknown> = {}) => ({
  ...anOrder({ storeId: app.tenant.storeId, orderId: randomUUID() }),
  version: { vendorVersion: "1" },
  ...change,
});
const produce = (...values: readonly (Buffer | object)[]) =>
  app.eventLog.append(
    topic,
    values.map((value) => ({
      key: "any key",
      value: Buffer.isBuffer(value) ? value : inboxOrderCodec.encode(value),
    })),
  );
const untilRead = (of = topic) =>
  expect
    .poll(async () => (await app.eventLog.lag(of, INBOX_GROUP)).map((one) => one.lagRecords))
    .toEqual([0n, 0n, 0n, 0n]);
const letters = (of = topic) =>
  listDeadLetters(app.database.service, { topic: of, group: INBOX_GROUP, maxCount: 100 });

async function appended(orderId: string) {
  const bounds = await app.eventLog.bounds(topics.orders.topic);
  const records = await Promise.all(
    bounds.map(({ partition, start }) =>
      app.eventLog.read({
        topic: topics.orders.topic,
        partition,
        from: start,
        maxCount: 10_000,
        maxBytes: 1e8,
      }),
    ),
  );
  return records
    .flat()
    .map(({ key, value }) => ({ key, order: orderSnapshotCodec.decode(value) }))
    .filter(({ order }) => order.orderId === orderId);
}

describe("a tenant's inbox", () => {
  test("is taken as a push is: stamped by the topic's tenant, keyed by feed, duplicates known", async () => {
    const order = ofStore();
    await produce(order, order);
    await untilRead();
    const [only, ...more] = await appended(order.orderId);
    expect(more).toEqual([]);
    expect(only).toMatchObject({
      key: `${app.tenant.tenantId}/push/default/${app.tenant.storeId}`,
      order: {
        tenantId: app.tenant.tenantId,
        storeId: app.tenant.storeId,
        timeZone: "Europe/Berlin",
        totals: { net: 1250n, total: 1450n },
      },
    });
    const pushed = await app.push(order);
    expect(pushed.body.orders[0]?.result).toBe("duplicate");
  });

  test("loses nothing to bad records beside good ones, and says of each what is wrong", async () => {
    const before = (await letters()).length;
    const good = [ofStore(), ofStore(), ofStore()];
    const rejected = ofStore({ currency: "EUX", lines: [{ key: "1", name: "A", gross: "1.5" }] });
    const foreign = ofStore({ channel: "hovercraft" });
    const garbage = Buffer.from([7, 7, 7]);
    await produce(good[0] ?? {}, rejected, garbage, good[1] ?? {}, foreign, good[2] ?? {});
    await untilRead();
    for (const { orderId } of good) expect(await appended(orderId)).toHaveLength(1);
    expect(await appended(rejected.orderId)).toEqual([]);
    const reasons = (await letters()).slice(before).map(({ reason }) => reason);
    expect(reasons).toHaveLength(3);
    expect(reasons[0]).toMatch(/^validationFailed: lines\[0\]\.gross: must be a whole number/);
    expect(reasons[1]).toMatch(/^undecodable: The order at offset \d+ of partition \d cannot be/);
    expect(reasons[2]).toMatch(/^validationFailed: channel: /);
    const metrics = await app.metrics.text();
    expect(metrics).toContain(
      `event_log_dead_letters_total{topic="${topic}",group="${INBOX_GROUP}"} 3`,
    );
    const status = await app.get(`/v1/orders/push/default/${rejected.orderId}/status`);
    expect(status.body).toMatchObject({ state: "dead-lettered", vendorVersion: "1" });
    expect(status.body.reason).toContain("lines[0].gross");
  });

  test("sets aside what is no UTF-8 by its reason, and takes ids in one normal form", async () => {
    const before = (await letters()).length;
    const bad = ofStore({ orderId: `@${randomUUID()}` });
    const bytes = inboxOrderCodec.encode(bad);
    bytes[bytes.indexOf("@")] = 0xe9;
    const id = randomUUID();
    const composed = ofStore({ orderId: `caf\u00e9 ${id}` });
    await produce(bytes, composed, { ...composed, orderId: `cafe\u0301 ${id}` });
    await untilRead();
    const reasons = (await letters()).slice(before).map(({ reason }) => reason);
    expect(reasons).toHaveLength(1);
    expect(reasons[0]).toMatch(/^undecodable: .*a text in it is not UTF-8/);
    expect(await appended(composed.orderId)).toHaveLength(1);
    expect(await appended(`cafe\u0301 ${id}`)).toEqual([]);
  });

  test("an order that was set aside and is sent again without its fault is counted", async () => {
    const order = ofStore();
    await produce({ ...order, currency: "EUX" });
    await untilRead();
    await produce(order);
    await untilRead();
    expect(await appended(order.orderId)).toHaveLength(1);
    const status = await app.get(`/v1/orders/push/default/${order.orderId}/status`);
    expect(status.body).toMatchObject({ state: "pending" });
  });

  test("an order that was set aside is counted when it is sent again after the cause is gone", async () => {
    const { database, tenant } = app;
    const order = ofStore({ locationId: "till-7" });
    const otherStore = randomUUID();
    await addStore(database, tenant.tenantId, otherStore);
    const mapTo = (storeId: string) =>
      database.service.query(
        `insert into feed (tenant_id, source, account_id, location_id, store_id)
         values ($1, 'push', 'default', 'till-7', $2)
         on conflict (tenant_id, source, account_id, location_id) do update set store_id = $2`,
        [tenant.tenantId, storeId],
      );
    await mapTo(otherStore);
    await produce(order);
    await untilRead();
    const waiting = await listDeadLetters(database.service, { topic, maxCount: 100 });
    const letter = waiting.find(({ reason }) => reason.includes(otherStore));
    expect(letter).toMatchObject({ reason: expect.stringContaining("locationId: ") });

    await mapTo(tenant.storeId);
    const deps = { pool: database.service, eventLog: app.eventLog, clock: systemClock };
    expect(await redriveDeadLetters(deps, letter ? [letter] : [], "ana")).toBe(1);
    await untilRead();
    expect(await appended(order.orderId)).toHaveLength(1);
    const status = await app.get(`/v1/orders/push/default/${order.orderId}/status`);
    expect(status.body).toMatchObject({ state: "pending" });
  });

  test("an order of another tenant's store is refused, one of an unknown location is parked", async () => {
    const other = await addTenant(app.database);
    const order = ofStore({ storeId: other.storeId });
    const elsewhere = ofStore({ storeId: undefined, locationId: "nobody mapped it" });
    await produce(order);
    await produce(elsewhere);
    await untilRead();
    const status = await app.get(`/v1/orders/push/default/${order.orderId}/status`);
    expect(status.body).toMatchObject({
      state: "dead-lettered",
      reason: expect.stringContaining("storeId: is not a store of this tenant"),
    });
    const parked = await app.get(`/v1/orders/push/default/${elsewhere.orderId}/status`);
    expect(parked.body).toMatchObject({ state: "parked" });
    expect(await appended(order.orderId)).toEqual([]);
    expect(await appended(elsewhere.orderId)).toEqual([]);
  });

  test("moves its checkpoint only once the orders are durable: what fails is taken again", async () => {
    const append = app.eventLog.append.bind(app.eventLog);
    let failures = 2;
    const failing = vi.spyOn(app.eventLog, "append").mockImplementation(async (of, records) => {
      if (of === topics.orders.topic && failures > 0) {
        failures -= 1;
        throw appError("logUnavailable", { reason: "the brokers are away" });
      }
      return append(of, records);
    });
    const orders = [ofStore(), ofStore()];
    await produce(...orders);
    await untilRead();
    failing.mockRestore();
    expect(failures).toBe(0);
    for (const { orderId } of orders) expect(await appended(orderId)).toHaveLength(1);
  });

  test("made while the intake runs is read without a restart, and nobody sees another's letters", async () => {
    const other = await addTenant(app.database);
    const inbox = await createInbox(app, other.tenantId);
    expect(inbox).toEqual({ tenantId: other.tenantId, topic: inboxTopicOf(other.tenantId).topic });
    expect(await createInbox(app, other.tenantId)).toEqual(inbox);
    const order = ofStore({ storeId: other.storeId });
    const bad = ofStore({ orderId: "bad", currency: "EUX" });
    await app.eventLog.append(
      inbox.topic,
      [order, bad].map((one) => ({ key: "", value: inboxOrderCodec.encode(one) })),
    );
    await expect.poll(() => appended(order.orderId)).toHaveLength(1);
    await untilRead(inbox.topic);
    expect(await letters(inbox.topic)).toHaveLength(1);
    expect((await app.get("/v1/orders/push/default/bad/status", other.key)).status).toBe(200);
    expect((await app.get("/v1/orders/push/default/bad/status")).status).toBe(404);
  });

  test("that cannot be read yet is tried again", async () => {
    const subscribing = vi.spyOn(app.eventLog, "subscribe");
    subscribing.mockRejectedValueOnce(new Error("the brokers do not know it yet"));
    const other = await addTenant(app.database);
    const inbox = await createInbox(app, other.tenantId);
    const order = ofStore({ storeId: other.storeId });
    await app.eventLog.append(inbox.topic, [{ key: "", value: inboxOrderCodec.encode(order) }]);
    await expect.poll(() => appended(order.orderId)).toHaveLength(1);
    expect(subscribing).toHaveBeenCalledTimes(2);
  });
});

test("an intake that stops leaves an inbox to the others", async () => {
  const { tenantId, storeId, key } = await addTenant(app.database);
  const inbox = await createInbox(app, tenantId);
  const second = await app.startSecond();
  const orders = Array.from({ length: 40 }, () => ofStore({ storeId }));
  const append = (some: typeof orders) =>
    app.eventLog.append(
      inbox.topic,
      some.map((one) => ({ key: one.orderId, value: inboxOrderCodec.encode(one) })),
    );
  await append(orders.slice(0, 20));
  await second.close();
  await append(orders.slice(20));
  await expect
    .poll(async () => (await app.eventLog.lag(inbox.topic, INBOX_GROUP)).map((p) => p.lagRecords))
    .toEqual([0n, 0n, 0n, 0n]);
  for (const { orderId } of orders) {
    const status = await app.get(`/v1/orders/push/default/${orderId}/status`, key);
    expect(status.body).toMatchObject({ state: "pending" });
  }
});
