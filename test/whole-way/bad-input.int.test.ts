import { randomUUID } from "node:crypto";
import { openScope } from "@tillcast/core";
import { replayLedger, verifyTables } from "@tillcast/proofs";
import type { OrderPushInput } from "@tillcast/schemas";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { aBill } from "../support/a-bill.ts";
import { type ComposedProduct, composeProduct } from "../support/composed-product.ts";
import { makeDice } from "../support/dice.ts";
import { makeRestClient, type RestClient } from "../support/rest-client.ts";
import { spoilAnywhere } from "../support/spoil-order.ts";
import { addStore, addTenant, type TestTenant } from "../support/tenants.ts";

const seed = Number(process.env.TILLCAST_TEST_SEED ?? 2_999);
const scope = openScope();
let product: ComposedProduct;
let tenant: TestTenant;
let client: RestClient;
let storeId: string;

beforeAll(async () => {
  console.log(`bad input: seed ${seed}`);
  product = await composeProduct(scope);
  const { service } = product.installation.database;
  tenant = await addTenant(service, "Careless");
  storeId = await addStore(service, tenant.tenantId);
  client = makeRestClient(product.url, tenant.key);
});
afterAll(() => scope.close());

const bill = (change: Record<string, unknown> = {}) =>
  ({ ...aBill(storeId), ...change }) as OrderPushInput;
const line = (change: Record<string, unknown>) =>
  bill({ lines: [{ key: "1", name: "Soup", gross: "1250", ...change }] });

describe("an order that cannot be taken is refused with the field at fault", () => {
  test.each<[what: string, field: string, order: () => unknown]>([
    ["a fraction of a cent", "lines[0].gross", () => line({ gross: "12.5" })],
    ["a fraction of a cent as a number", "lines[0].gross", () => line({ gross: 12.5 })],
    ["an amount in words", "lines[0].gross", () => line({ gross: "twelve" })],
    ["an amount that is a list", "lines[0].gross", () => line({ gross: [1250] })],
    ["more money than there is", "lines[0].gross", () => line({ gross: "9".repeat(30) })],
    ["less than nothing", "lines[0].gross", () => line({ gross: "-1" })],
    ["a discount above the price", "lines[0].discount", () => line({ discount: "1251" })],
    ["a net that does not fit", "lines[0].net", () => line({ net: "1" })],
    ["seven decimals of a unit", "lines[0].qty", () => line({ qty: "0.0000001" })],
    ["a line without a name", "lines[0].name", () => line({ name: "" })],
    ["lines that are none", "lines", () => bill({ lines: "soup" })],
    ["two lines of one key", "lines[1].key", () => bill({ lines: twice({ gross: "5" }) })],
    ["an unknown currency", "currency", () => bill({ currency: "EUX" })],
    ["a currency in small letters", "currency", () => bill({ currency: "eur" })],
    ["the year 2999", "openedAt", () => bill({ openedAt: "2999-01-01T00:00:00Z" })],
    ["a payment in 2999", "payments[0].at", () => bill({ payments: [paidIn("2999")] })],
    ["the last century", "openedAt", () => bill({ openedAt: "1999-12-31T23:59:59Z" })],
    ["a day that never was", "openedAt", () => bill({ openedAt: "2026-02-30T10:00:00Z" })],
    ["a time without its offset", "openedAt", () => bill({ openedAt: "2026-11-20T10:00:00" })],
    ["a time as a number", "openedAt", () => bill({ openedAt: 1_795_000_000 })],
    ["a business date that never was", "businessDate", () => bill({ businessDate: "2026-13-01" })],
    ["a zone that is none", "timeZone", () => bill({ timeZone: "Mars/Olympus" })],
    ["a status that is none", "status", () => bill({ status: "eaten" })],
    ["a version that is none", "version.vendorVersion", () => versioned("new")],
    ["a version of next year", "version.vendorVersion", () => versioned("2027-11-21T00:00:00Z")],
    ["no order id", "orderId", () => bill({ orderId: undefined })],
    ["an empty order id", "orderId", () => bill({ orderId: "" })],
    ["an endless order id", "orderId", () => bill({ orderId: "x".repeat(201) })],
    ["a NUL in the order id", "orderId", () => bill({ orderId: "a\u0000b" })],
    ["a NUL in the location", "locationId", () => bill({ locationId: "a\u0000b" })],
    ["a NUL in the account", "accountId", () => bill({ accountId: "a\u0000b" })],
    ["half of a surrogate pair", "lines[0].name", () => line({ name: "soup \ud83c" })],
    [
      "half of a surrogate pair in the location",
      "locationId",
      () => bill({ locationId: "\udf55" }),
    ],
    ["an unknown field", "surprise", () => bill({ surprise: 1 })],
    ["a store that is no id", "storeId", () => bill({ storeId: "the one in Berlin" })],
    ["no place at all", "storeId", () => bill({ storeId: undefined })],
    ["guests by halves", "guests", () => bill({ guests: 2.5 })],
    ["a list in place of an order", "order", () => [[]]],
    ["nothing in place of an order", "order", () => [null]],
  ])("%s: %s", async (_, field, order) => {
    const good = bill();
    const spoilt = order();
    const { status, body } = await client.push([
      good,
      ...(Array.isArray(spoilt) ? spoilt : [spoilt]),
    ]);
    expect(status, JSON.stringify(body)).toBe(200);
    expect(body).toMatchObject({ accepted: 1, rejected: 1 });
    expect(body.orders[1]).toMatchObject({ result: "rejected", field });
    expect(body.orders[1]?.reason).toMatch(/\w{3}/);
    expect(await client.settled(good)).toMatchObject({ state: "counted" });
  });
});

describe("a body that cannot be taken says which part is at fault", () => {
  test.each<[what: string, body: () => string, status: number, detail: RegExp]>([
    ["no JSON", () => '{"orderId": "a",,}', 400, /position 16/],
    ["half of a body", () => JSON.stringify(bill()).slice(0, 200), 400, /JSON/],
    ["nothing", () => "", 400, /empty/],
    [
      "a __proto__ key",
      () => withText(bill(), '"__proto__": {"testMode": true}'),
      400,
      /prototype/,
    ],
    [
      "a constructor key",
      () => withText(bill(), '"constructor": {"prototype": {}}'),
      400,
      /prototype/,
    ],
    ["20 MB", () => `[${JSON.stringify("x".repeat(20_000_000))}]`, 413, /larger than the limit/],
    [
      "501 orders",
      () => JSON.stringify(Array.from({ length: 501 }, () => bill())),
      413,
      /500 orders/,
    ],
    ["100,000 lists in each other", () => "[".repeat(100_000) + "]".repeat(100_000), 422, /order/],
    ["10,000 objects in each other", () => withText(bill(), nested(10_000)), 422, /surprise/],
    ["a number", () => "7", 422, /order/],
    ["an empty list", () => "[]", 422, /orders/],
    ["a key with a NUL", () => withText(bill(), '"a\\u0000b": 1'), 422, /unknown field/],
  ])("%s", async (_, body, status, detail) => {
    const answer = await client.push(body());
    expect(answer.status, JSON.stringify(answer.body)).toBe(status);
    expect(answer.headers.get("content-type")).toContain("application/problem+json");
    expect(answer.body.detail).toMatch(detail);
  });

  test("a key that stands twice is named, and neither of its values counts", async () => {
    const first = bill();
    const orderId = randomUUID();
    const { status, body } = await client.push(withText(first, `"orderId": "${orderId}"`));
    expect({ status, body }).toMatchObject({ status: 400, body: { key: "orderId" } });
    for (const id of [first.orderId, orderId]) {
      const known = await client.get(`/v1/orders/push/default/${id}/status`);
      expect(known.status).toBe(404);
    }
  });
});

test("an order of a store that is not the tenant's is refused, and kept nowhere", async () => {
  const elsewhere = randomUUID();
  const order = aBill(elsewhere);
  const { status, body } = await client.push(order);
  expect(status).toBe(422);
  expect(body.orders).toMatchObject([
    { result: "rejected", field: "storeId", reason: "is not a store of this tenant" },
  ]);
  const { rows } = await product.installation.database.service.query(
    "select 1 from feed where location_id = $1 union all select 1 from parked_order where order_id = $2",
    [elsewhere, order.orderId],
  );
  expect(rows).toEqual([]);
});

test("questions that make no sense are answered as such, and never with a fault of ours", async () => {
  const paths = [
    "/v1/orders/push/default/%00/status",
    "/v1/orders/push/default/%ED%A0%80/status",
    "/v1/orders/push/%00/1/status",
    "/v1/orders/nobody/default/1/status",
    "/v1/%00",
    `/v1/orders/push/default/${"x".repeat(5_000)}/status`,
    "/v1/stores/none/sales?from=2026-11-20&to=2026-11-21",
    ...["", "?from=x&to=y", "?from=2026-11-20&to=9999-12-31", "?from=2026-11-20"].map(
      (query) => `/v1/stores/${storeId}/sales${query}`,
    ),
    ...["grain=week", "by=till", "grain=15m&by=%00", "from=%00", "to=-1"].map(
      (query) => `/v1/stores/${storeId}/sales?from=2026-11-20&to=2026-11-21&${query}`,
    ),
    ...["businessDate=%00", "cursor=AAAA", "limit=1e9", "currency=%00%00%00", "channel=x"].map(
      (query) => `/v1/stores/${storeId}/entries?from=2026-11-20&to=2026-11-21&${query}`,
    ),
    `/v1/stores/${storeId}/items?businessDate=0000-00-00`,
    `/v1/stores/${storeId}/forecasts?grain=century`,
    "/v1/%E0%A4%A",
  ];
  const answers = await Promise.all(
    paths.map(async (path) => `${(await client.get(path)).status} ${path}`),
  );
  expect(answers.filter((answer) => !answer.startsWith("4"))).toEqual([]);
});

test("an id of 200 characters can be asked for, however an address writes them", async () => {
  for (const letter of ["x", "é", "寿", "🍕"]) {
    const order = bill({ orderId: letter.repeat(200 / letter.length) });
    expect((await client.push(order)).body).toMatchObject({ accepted: 1 });
    expect(await client.settled(order)).toMatchObject({ state: "counted" });
  }
});

test("a bill as long as may be is counted, and one too long to keep costs its neighbour nothing", async () => {
  const long = (name: string) =>
    Array.from({ length: 2_000 }, (_, at) => ({ key: `${at}`, name, category: name, gross: "1" }));
  const [kept, neighbour] = [bill({ lines: long("x".repeat(300)) }), bill()];
  const tooLong = bill({
    lines: long("寿".repeat(300)).map((one) => ({ ...one, itemId: "寿".repeat(200) })),
  });
  expect((await client.push(kept)).body).toMatchObject({ accepted: 1 });
  const { status, body } = await client.push([tooLong, neighbour]);
  expect(status, JSON.stringify(body)).toBe(200);
  expect(body.orders).toMatchObject([
    { result: "rejected", field: "order" },
    { result: "accepted" },
  ]);
  expect(await client.settled(kept)).toMatchObject({
    state: "counted",
    windows: [{ net: "2000" }],
  });
  expect(await client.settled(neighbour)).toMatchObject({ state: "counted" });
});

test("heartbeats and sign-ins with a NUL are refused as well", async () => {
  const post = (path: string, body: unknown) =>
    fetch(new URL(path, product.url), {
      method: "POST",
      headers: { "content-type": "application/json", authorization: `Bearer ${tenant.key}` },
      body: JSON.stringify(body),
    });
  for (const answer of [
    await post("/v1/heartbeats", { locationId: "a\u0000b" }),
    await post("/v1/session", { email: "a\u0000b@example.com", password: "x" }),
    await post("/v1/session/link", { token: "\u0000" }),
    await post("/v1/jobs", { kind: "\u0000" }),
  ]) {
    expect(Math.floor(answer.status / 100), `${answer.url} ${await answer.text()}`).toBe(4);
  }
});

test("whatever else is wrong with an order, what is acknowledged is counted and the rest is refused", async () => {
  const dice = makeDice(seed);
  const acknowledged = new Set<string>();
  for (let push = 0; push < 40; push += 1) {
    const orders = Array.from({ length: 25 }, () => spoilAnywhere(bill(), dice));
    const { status, body } = await client.push(orders);
    expect([200, 422], JSON.stringify([body, orders])).toContain(status);
    for (const { result, orderId, field, reason } of body.orders) {
      if (result === "accepted") acknowledged.add(orderId ?? "");
      if (result !== "accepted") expect(reason).toMatch(/\w{3}/);
      if (result === "rejected") expect(field).toMatch(/\w{3}/);
    }
  }
  expect(acknowledged.size).toBeGreaterThan(50);
  for (const orderId of acknowledged) {
    expect(["counted", "open", "not-counted"]).toContain((await client.settled({ orderId })).state);
  }
});

test("in the end nothing is half counted, nothing is set aside, and verify and replay say equal", async () => {
  const { database, ownerUrl, eventLog } = product.installation;
  const { rows } = await database.service.query("select count(*)::int as dead from dead_letter");
  expect(rows).toEqual([{ dead: 0 }]);
  expect((await verifyTables(database.service)).differences).toEqual([]);
  expect(await replayLedger({ ownerUrl, eventLog, swap: false })).toMatchObject({ equal: true });
});

function twice(amounts: Record<string, unknown>) {
  return [1, 2].map(() => ({ key: "1", name: "Soup", ...amounts }));
}

function paidIn(year: string) {
  return { key: "p", method: "card", amount: "1250", at: `${year}-01-01T00:00:00Z` };
}

function versioned(vendorVersion: string) {
  return bill({ version: { vendorVersion } });
}

/** The order as JSON with one more member at its end. */
function withText(order: OrderPushInput, member: string): string {
  return JSON.stringify(order).replace(/\}$/, `, ${member}}`);
}

function nested(depth: number): string {
  return `"surprise": ${'{"a":'.repeat(depth)}1${"}".repeat(depth)}`;
}
