import { randomUUID } from "node:crypto";
import { orderSnapshotCodec, topics } from "@tillcast/schemas";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  addStore,
  addTenant,
  type IngestHarness,
  startIngestHarness,
} from "../testing/ingest-harness.ts";
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

async function appended(topic: string = topics.orders.topic) {
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

describe("pushed orders", () => {
  test("an accepted order is in the log, stamped, when the answer arrives", async () => {
    const order = ofStore();
    const { status, body } = await app.push(order);
    expect(status).toBe(200);
    expect(body).toMatchObject({ accepted: 1, duplicates: 0, parked: 0, rejected: 0 });
    expect(body.orders[0]).toMatchObject({
      index: 0,
      orderId: order.orderId,
      result: "accepted",
      storeId: app.tenant.storeId,
      statusUrl: `/v1/orders/push/default/${order.orderId}/status`,
      reason: null,
    });
    const stored = (await appended()).find((one) => one.orderId === order.orderId);
    expect(stored).toMatchObject({
      tenantId: app.tenant.tenantId,
      storeId: app.tenant.storeId,
      locationId: app.tenant.storeId,
      timeZone: "Europe/Berlin",
      countedWhen: "paid",
      totals: { net: 1250n, total: 1450n },
      version: { vendorVersion: 1, mappingRevision: 1 },
    });
  });

  test("one bad order costs its neighbours nothing, and every fault is named", async () => {
    const good = [ofStore(), ofStore()];
    const bad = { ...ofStore(), currency: "EUX", lines: [{ key: "1", name: "A", gross: "1.5" }] };
    const { status, body } = await app.push({ orders: [good[0], bad, good[1]] });
    expect(status).toBe(200);
    expect(body.orders.map((one) => one.result)).toEqual(["accepted", "rejected", "accepted"]);
    expect(body.orders[1]).toMatchObject({ orderId: bad.orderId, field: "lines[0].gross" });
    expect(await countOf(bad.orderId)).toBe(0);
  });

  test("the same push again, and an older version, are duplicates that append nothing", async () => {
    const order = ofStore({ version: { vendorVersion: 5 } });
    await app.push(order);
    const again = await app.push([order, { ...order, version: { vendorVersion: 4 } }]);
    expect(again.body.orders.map((one) => one.result)).toEqual(["duplicate", "duplicate"]);
    expect(again.body.orders[1]?.reason).toContain("newer version");
    expect(await countOf(order.orderId)).toBe(1);
  });

  test("within one request the second picture of an order is a duplicate or a newer one", async () => {
    const order = ofStore();
    const { body } = await app.push([order, order, { ...order, version: { vendorVersion: 2 } }]);
    expect(body.orders.map((one) => one.result)).toEqual(["accepted", "duplicate", "accepted"]);
  });

  test("other content under a known version is accepted, since the later one wins", async () => {
    const order = ofStore();
    await app.push(order);
    const { body } = await app.push({ ...order, guests: 7 });
    expect(body.accepted).toBe(1);
  });

  test("two identical requests at once are both answered", async () => {
    const orders = [ofStore(), ofStore()];
    const answers = await Promise.all([app.push(orders), app.push(orders)]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    expect(answers.every(({ body }) => body.rejected === 0)).toBe(true);
  });

  test("when every order is rejected the answer is a problem with the same rows", async () => {
    const { status, body, headers } = await app.push([{ ...ofStore(), currency: "XXX" }]);
    expect(status).toBe(422);
    expect(headers["content-type"]).toContain("application/problem+json");
    expect(body).toMatchObject({
      code: "validationFailed",
      field: "[0].currency",
      rejected: 1,
      orders: [{ result: "rejected", field: "currency" }],
    });
  });

  test("a store of another tenant is not known, and its order is not seen there", async () => {
    const other = await addTenant(app.database);
    const { status, body } = await app.push({ ...ofStore(), storeId: other.storeId });
    expect(status).toBe(422);
    expect(body.orders[0]).toMatchObject({
      result: "rejected",
      field: "storeId",
      reason: "is not a store of this tenant",
    });
  });

  test("a location that belongs to one store cannot carry another's orders", async () => {
    const second = randomUUID();
    await addStore(app.database, app.tenant.tenantId, second);
    await app.push(ofStore({ locationId: "corner" }));
    const { status, body } = await app.push(ofStore({ locationId: "corner", storeId: second }));
    expect(status).toBe(422);
    expect(body.orders[0]).toMatchObject({ field: "locationId" });
  });

  test("an order that names no place is told how to", async () => {
    const { storeId: _, ...order } = ofStore();
    const { body } = await app.push(order);
    expect(body.orders[0]).toMatchObject({ result: "rejected", field: "storeId" });
  });
});

describe("what cannot be taken", () => {
  test.each([
    ["malformed JSON", '{"orderId": ', 400, "badRequest"],
    ["an empty body", "", 400, "badRequest"],
    ["an empty list", [], 422, "validationFailed"],
    ["a list that is none", { orders: 7 }, 422, "validationFailed"],
    ["501 orders", Array.from({ length: 501 }, () => ({})), 413, "tooLarge"],
    ["a body of 20 MB", `["${"x".repeat(20_000_000)}"]`, 413, "tooLarge"],
    ["a number", "7", 422, "validationFailed"],
    ["null", "null", 422, "validationFailed"],
  ])("%s", async (_, body, status, code) => {
    const answer = await app.push(body);
    expect(answer.status).toBe(status);
    expect(answer.body).toMatchObject({ code });
  });

  test("another content type, no key, a wrong key, and a key that may only read", async () => {
    const { http } = app;
    const send = (headers: Record<string, string>) =>
      http.inject({ method: "POST", url: "/v1/orders", payload: "{}", headers });
    const authorization = `Bearer ${app.tenant.key}`;
    expect((await send({ authorization, "content-type": "text/xml" })).statusCode).toBe(415);
    const json = { "content-type": "application/json" };
    expect((await send(json)).statusCode).toBe(401);
    expect((await send({ ...json, authorization: "Bearer nothing" })).statusCode).toBe(401);
  });
});

test("a pushed order and a heartbeat prove that the feed is alive", async () => {
  const order = ofStore({ locationId: "alive" });
  await app.push(order);
  const headers = { authorization: `Bearer ${app.tenant.key}` };
  const beat = await app.http.inject({
    method: "POST",
    url: "/v1/heartbeats",
    headers,
    payload: { locationId: "alive" },
  });
  expect(beat.json()).toEqual({ storeId: app.tenant.storeId, mapped: true });
  await expect
    .poll(
      async () => {
        const { rows } = await app.database.service.query(
          `select last_event_at, watermark > last_event_at as is_complete, expects_heartbeat
         from feed where location_id = 'alive' and last_proof_at > now() - interval '1 minute'`,
        );
        return rows;
      },
      { timeout: 5_000 },
    )
    .toEqual([{ last_event_at: new Date(hourAgo), is_complete: true, expects_heartbeat: true }]);
});

test("an order of a till whose clock is hours ahead is counted, and its feed says so", async () => {
  const paidAt = new Date(Date.now() + 3 * 3_600_000).toISOString();
  const order = ofStore({ locationId: "ahead", paidAt, closedAt: paidAt });
  expect((await app.push(order)).body).toMatchObject({ accepted: 1 });
  await expect
    .poll(
      async () => {
        const { rows } = await app.database.service.query(
          "select round(clock_ahead_ms / 60000.0)::int as minutes from feed where location_id = 'ahead'",
        );
        return rows;
      },
      { timeout: 5_000 },
    )
    .toEqual([{ minutes: 180 }]);
});
