import { randomUUID } from "node:crypto";
import { type OrderPushInput, orderKeyOf, orderSnapshotCodec, topics } from "@tillcast/schemas";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ORIGIN_TTL_MS } from "../places/store-lookup.ts";
import { addStore, type IngestHarness, startIngestHarness } from "../testing/ingest-harness.ts";
import { anOrder } from "../testing/order-builders.ts";

let app: IngestHarness;
beforeAll(async () => {
  app = await startIngestHarness();
});
afterAll(() => app.close());

const hourAgo = new Date(Date.now() - 3_600_000).toISOString();
const ofStore = (change: Parameters<typeof anOrder>[0] = {}) =>
  anOrder({
    storeId: app.tenant.storeId,
    orderId: randomUUID(),
    openedAt: hourAgo,
    closedAt: hourAgo,
    paidAt: hourAgo,
    ...change,
  });

async function appended() {
  const { topic } = topics.orders;
  const bounds = await app.eventLog.bounds(topic);
  const records = await Promise.all(
    bounds.map(({ partition, start }) =>
      app.eventLog.read({ topic, partition, from: start, maxCount: 10_000, maxBytes: 1e8 }),
    ),
  );
  return records.flat().map(({ value }) => orderSnapshotCodec.decode(value));
}
const countOf = async (orderId: unknown) =>
  (await appended()).filter((order) => order.orderId === orderId).length;

describe("parked orders", () => {
  test("an order of an unknown location is kept, and counted once the location is mapped", async () => {
    const order = ofStore({ locationId: "harbour" });
    const { storeId: _, ...unplaced } = order;
    const { status, body } = await app.push(unplaced);
    expect(status).toBe(200);
    expect(body.orders[0]).toMatchObject({ result: "parked", field: "storeId", storeId: null });
    expect(await countOf(order.orderId)).toBe(0);
    expect(await app.ingest.releaseNow()).toBe(0);
    const { rows } = await app.database.service.query(
      `update feed set store_id = $1, mapping_revision = mapping_revision + 1
       where location_id = 'harbour' returning source, mapping_revision`,
      [app.tenant.storeId],
    );
    expect(rows).toEqual([{ source: "push", mapping_revision: 2 }]);
    expect(await app.ingest.releaseNow()).toBe(1);
    expect(await app.ingest.releaseNow()).toBe(0);
    const released = (await appended()).filter((one) => one.orderId === order.orderId);
    expect(released).toMatchObject([
      { storeId: app.tenant.storeId, version: { mappingRevision: 2 } },
    ]);
  });

  test("an order that the former release parked for a store is released once the store is made", async () => {
    const storeId = randomUUID();
    const order = ofStore({ storeId });
    await parkAsBefore(storeId, order);
    expect(await app.ingest.releaseNow()).toBe(0);
    await addStore(app.database, app.tenant.tenantId, storeId);
    expect(await app.ingest.releaseNow()).toBe(1);
    expect(await countOf(order.orderId)).toBe(1);
    const { rows } = await app.database.service.query(
      "select store_id, mapping_revision from feed where location_id = $1",
      [storeId],
    );
    expect(rows).toEqual([{ store_id: storeId, mapping_revision: 2 }]);
  });

  test("one that was parked for a store that never came goes where its location is mapped", async () => {
    const nowhere = randomUUID();
    const order = ofStore({ storeId: nowhere });
    await parkAsBefore(nowhere, order);
    await mapFeed(nowhere, { store_id: app.tenant.storeId });
    expect(await app.ingest.releaseNow()).toBe(1);
    const released = (await appended()).filter((one) => one.orderId === order.orderId);
    expect(released).toMatchObject([{ storeId: app.tenant.storeId, locationId: nowhere }]);
  });

  test("one in another currency waits until its feed takes it, and is looked at once until then", async () => {
    await app.push(ofStore({ locationId: "till-in-euros" }));
    await mapFeed("till-in-euros", { currency: "EUR" });
    await startSecondLook();
    const order = ofStore({ locationId: "till-in-euros", currency: "USD" });
    const { body } = await app.push(order);
    expect(body.orders[0]).toMatchObject({
      result: "parked",
      field: "currency",
      reason: "the order is in USD, and this feed's orders are in EUR",
    });
    expect(await app.ingest.releaseNow()).toBe(0);
    await mapFeed("till-in-euros", { currency: null });
    await expect.poll(() => countOf(order.orderId)).toBeGreaterThan(0);
  });

  test("many are released to the backfill topic, so that live orders come first", async () => {
    const { storeId: _, ...unplaced } = ofStore({ locationId: "many" });
    const orders = Array.from({ length: 201 }, (_, at) => ({ ...unplaced, orderId: `many-${at}` }));
    expect((await app.push(orders)).body).toMatchObject({ parked: 201 });
    await mapFeed("many", { store_id: app.tenant.storeId });
    expect(await app.ingest.releaseNow()).toBe(201);
    const bounds = await app.eventLog.bounds(topics.ordersBackfill.topic);
    const count = bounds.reduce((sum, { start, end }) => sum + Number(end - start), 0);
    expect(count).toBe(201);
  });
});

/** Sets columns of a feed as the commands do. */
async function mapFeed(locationId: string, columns: Record<string, string | null>) {
  for (const [column, value] of Object.entries(columns)) {
    const { rowCount } = await app.database.service.query(
      `update feed set ${column} = $2, mapping_revision = mapping_revision + 1 where location_id = $1`,
      [locationId, value],
    );
    expect(rowCount).toBe(1);
  }
}

/** Places are remembered for some seconds. */
const startSecondLook = () => new Promise((resolve) => setTimeout(resolve, ORIGIN_TTL_MS + 100));

/** What the former release left of an order whose store it did not know. */
async function parkAsBefore(storeId: string, order: OrderPushInput): Promise<void> {
  const { tenantId } = app.tenant;
  const { service } = app.database;
  const orderKey = orderKeyOf({
    tenantId,
    source: "push",
    accountId: "default",
    orderId: order.orderId,
  });
  await service.query(
    `insert into feed (tenant_id, source, account_id, location_id) values ($1, 'push', 'default', $2)`,
    [tenantId, storeId],
  );
  await service.query(
    `insert into parked_order (tenant_id, order_key, version_hash, source, account_id, location_id, order_id,
       reason, payload, received_at)
     values ($1, $2, 'hash', 'push', 'default', $3, $4, 'the store is not known', $5, now())`,
    [tenantId, orderKey, storeId, order.orderId, JSON.stringify(order)],
  );
}
