import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type IngestHarness, startIngestHarness } from "../testing/ingest-harness.ts";
import { anOrder } from "../testing/order-builders.ts";

let app: IngestHarness;
beforeAll(async () => {
  app = await startIngestHarness({ INGEST_FEEDS_MAX: "6", INGEST_PARKED_ORDERS_MAX: "10" });
});
afterAll(() => app.close());

const hourAgo = new Date(Date.now() - 3_600_000).toISOString();
function orderAt(locationId: string) {
  const times = { openedAt: hourAgo, closedAt: hourAgo, paidAt: hourAgo };
  const { storeId: _, ...order } = anOrder({ orderId: randomUUID(), locationId, ...times });
  return order;
}
const countOf = async (table: string) => {
  const { rows } = await app.database.service.query(`select count(*)::int as n from ${table}`);
  return rows[0].n;
};

describe("what one tenant may pile up", () => {
  test("orders that wait beyond the limit are refused by name, and those that wait stay parked", async () => {
    const waiting = Array.from({ length: 9 }, () => orderAt("harbour"));
    expect((await app.push({ orders: waiting })).body).toMatchObject({ parked: 9, rejected: 0 });
    // What waits already takes no room again, however often it is sent.
    expect((await app.push({ orders: waiting })).body).toMatchObject({ parked: 9, rejected: 0 });
    const more = [orderAt("harbour"), orderAt("harbour")];
    const { status, body } = await app.push({ orders: [...more, waiting[0]] });
    expect(status).toBe(200);
    expect(body.orders.map(({ result }) => result)).toEqual(["parked", "rejected", "parked"]);
    expect(body.orders[1]).toMatchObject({ field: "locationId", orderId: more[1]?.orderId });
    expect(body.orders[1]?.reason).toContain("10 orders of this tenant may wait");
    expect(await countOf("parked_order")).toBe(10);
  });

  test("requests at the same moment share what room there is", async () => {
    await app.database.service.query("delete from parked_order");
    await expect
      .poll(async () => (await app.push({ orders: [orderAt("harbour")] })).body.parked, {
        timeout: 20_000,
        interval: 500,
      })
      .toBe(1);
    const pushed = await Promise.all(
      Array.from({ length: 12 }, () =>
        app.push({ orders: [orderAt("harbour"), orderAt("harbour")] }),
      ),
    );
    expect(pushed.reduce((sum, { body }) => sum + body.parked, 0)).toBe(9);
    expect(await countOf("parked_order")).toBe(10);
  });

  test("an order of a known store is accepted although no more may wait", async () => {
    const order = { ...orderAt("harbour"), locationId: undefined, storeId: app.tenant.storeId };
    expect((await app.push({ orders: [order] })).body).toMatchObject({ accepted: 1, rejected: 0 });
  });

  test("a released order makes room at the latest when the count is taken anew", async () => {
    await app.database.service.query(
      "update feed set store_id = $1, mapping_revision = mapping_revision + 1 where location_id = 'harbour'",
      [app.tenant.storeId],
    );
    expect(await app.ingest.releaseNow()).toBe(10);
    await expect
      .poll(async () => (await app.push({ orders: [orderAt("quay")] })).body.parked, {
        timeout: 20_000,
        interval: 500,
      })
      .toBe(1);
  });

  test("made-up locations make no more feeds than the limit, by orders and by heartbeats", async () => {
    const before = await countOf("feed");
    const left = 6 - before;
    expect(left).toBeGreaterThan(0);
    const orders = Array.from({ length: left + 2 }, (_, at) => orderAt(`made-up ${at}`));
    const { body } = await app.push({ orders });
    expect(body.rejected).toBe(2);
    expect(body.orders.at(-1)).toMatchObject({
      field: "locationId",
      reason: "is new, and this tenant has 6 feeds already, as many as it may",
    });
    const beat = await app.http.inject({
      method: "POST",
      url: "/v1/heartbeats",
      headers: { authorization: `Bearer ${app.tenant.key}` },
      payload: { source: "push", accountId: "main", locationId: "one more" },
    });
    expect(beat.statusCode).toBe(422);
    expect(beat.body).toContain("6 feeds already");
    expect(await countOf("feed")).toBe(6);
  });
});
