import { openScope } from "@tillcast/core";
import { replayLedger, verifyTables } from "@tillcast/proofs";
import type { OrderPushInput } from "@tillcast/schemas";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { aBill } from "../support/a-bill.ts";
import { type ComposedProduct, composeProduct } from "../support/composed-product.ts";
import { makeRestClient, type RestClient } from "../support/rest-client.ts";
import { addStore, addTenant, type TestTenant } from "../support/tenants.ts";

const scope = openScope();
let product: ComposedProduct;
let tenant: TestTenant;
let client: RestClient;

beforeAll(async () => {
  product = await composeProduct(scope);
  tenant = await addTenant(product.installation.database.service, "First");
  client = makeRestClient(product.url, tenant.key);
});
afterAll(() => scope.close());

const newStore = (fields: Parameters<typeof addStore>[2] = {}) =>
  addStore(product.installation.database.service, tenant.tenantId, fields);

/** Pushes one order, and waits until it is counted. */
async function pushed(order: OrderPushInput) {
  const { status, body } = await client.push(order);
  expect(body.orders, JSON.stringify(body)).toMatchObject([{ result: "accepted", reason: null }]);
  expect(status).toBe(200);
  return client.settled(order);
}

const november = { from: "2026-11-19", to: "2026-11-23" };
const grains = ["15m", "hour", "day", "business-day"] as const;

describe("a pushed order", () => {
  test("shows in every grain, in its status, and in the drill-down that sums to its window", async () => {
    const storeId = await newStore();
    const charges: OrderPushInput["charges"] = [
      { key: "c", kind: "service", net: "125", tax: "20" },
    ];
    const order = aBill(storeId, { charges, guests: 3 });
    const status = await pushed(order);
    const window = { start: "2026-11-20T10:45:00.000Z", end: "2026-11-20T11:00:00.000Z" };
    expect(status).toMatchObject({
      state: "counted",
      storeId,
      countedAt: "2026-11-20T10:50:00.000Z",
      windows: [{ ...window, businessDate: "2026-11-20", channel: "dine_in", net: "1375" }],
    });
    const bounds = {
      "15m": window,
      hour: { start: "2026-11-20T10:00:00.000Z", end: "2026-11-20T11:00:00.000Z" },
      day: { start: "2026-11-19T23:00:00.000Z", end: "2026-11-20T23:00:00.000Z" },
      "business-day": { start: "2026-11-20T03:00:00.000Z", end: "2026-11-21T03:00:00.000Z" },
    };
    const amounts = { net: "1375", gross: "1250", charges: "125", tax: "220", tips: "100" };
    for (const grain of grains) {
      expect(await client.sales(storeId, { ...november, grain }), grain).toMatchObject([
        { ...bounds[grain], ...amounts, businessDate: "2026-11-20", orders: 1, guests: 3 },
      ]);
    }
    const { entries, total } = await client.entries(storeId, {
      from: window.start,
      to: window.end,
    });
    expect(total).toEqual({
      ...{ net: "1375", gross: "1250", charges: "125", tax: "220", tip: "100" },
      ...{ discount: "0", includedTax: "0", otherCharges: "0", rounding: "0", refund: "0" },
      ...{ void: "0", unreconciled: "0", orders: 1, entries: 1 },
    });
    expect(entries).toMatchObject([{ net: "1375", tax: "220", order: { orderId: order.orderId } }]);
  });

  test("counts once however often it is sent, alone, in a list and in an envelope", async () => {
    const storeId = await newStore();
    const order = aBill(storeId);
    await pushed(order);
    for (const body of [order, [order, order], { orders: [order] }]) {
      expect((await client.push(body)).body).toMatchObject({ accepted: 0, rejected: 0 });
    }
    await client.settled(order);
    expect(await client.sales(storeId, { ...november, grain: "day" })).toMatchObject([
      { net: "1250", orders: 1 },
    ]);
  });

  test("stands apart while it is open, and counts when it is paid", async () => {
    const storeId = await newStore();
    const order = aBill(storeId);
    const unpaid = { closedAt: null, paidAt: null, payments: [] };
    expect(await pushed({ ...order, ...unpaid, status: "open" })).toMatchObject({
      state: "open",
      windows: [],
    });
    const live = await client.get<{ open: unknown }>(`/v1/stores/${storeId}/live`);
    expect(live.body.open).toMatchObject([{ currency: "EUR", amount: "1250", orders: 1 }]);
    expect(await client.sales(storeId, { ...november, grain: "day" })).toEqual([]);
    await pushed({ ...order, version: { vendorVersion: 2 } });
    expect(await client.sales(storeId, { ...november, grain: "day" })).toMatchObject([
      { net: "1250", orders: 1 },
    ]);
  });
});

describe("what happens to an order later", () => {
  const nextNoon = "2026-11-21T11:00:00Z";
  const days = (storeId: string) => client.sales(storeId, { ...november, grain: "business-day" });
  const second = { version: { vendorVersion: 2 } };

  test("an edit corrects the day on which the order counted", async () => {
    const storeId = await newStore();
    const order = aBill(storeId);
    await pushed(order);
    const line = { key: "1", name: "Soup", gross: "1250", discount: "250", tax: "160" };
    await pushed({ ...order, ...second, channel: "takeout", lines: [line] });
    expect(await days(storeId)).toMatchObject([
      { businessDate: "2026-11-20", net: "1000", discount: "250", tax: "160", orders: 1 },
    ]);
    const byChannel = await client.sales(storeId, { ...november, grain: "hour", by: "channel" });
    const amounts = byChannel.map(({ channel, net, orders }) => ({ channel, net, orders }));
    expect(amounts).toContainEqual({ channel: "takeout", net: "1000", orders: 1 });
    expect(amounts.filter(({ channel }) => channel !== "takeout")).toEqual(
      amounts.length === 1 ? [] : [{ channel: "dine_in", net: "0", orders: 0 }],
    );
  });

  test("a void on the next day leaves the day of the sale, and takes back at its own time", async () => {
    const storeId = await newStore();
    const order = aBill(storeId);
    await pushed(order);
    await pushed({ ...order, ...second, status: "voided", voidedAt: nextNoon });
    expect(await days(storeId)).toMatchObject([
      { businessDate: "2026-11-20", net: "1250", voids: "0", tax: "200", orders: 1 },
      { businessDate: "2026-11-21", net: "-1250", voids: "1250", tax: "-200", orders: -1 },
    ]);
  });

  test("a refund counts on its own day, in parts as given or in proportion", async () => {
    const storeId = await newStore();
    const order = aBill(storeId);
    await pushed(order);
    const refunds: OrderPushInput["refunds"] = [
      { key: "r1", amount: "580", at: nextNoon },
      { key: "r2", amount: "500", net: "450", tax: "50", at: "2026-11-22T11:00:00Z" },
    ];
    await pushed({ ...order, ...second, refunds });
    expect(await days(storeId)).toMatchObject([
      { businessDate: "2026-11-20", net: "1250", refunds: "0", orders: 1 },
      { businessDate: "2026-11-21", net: "-500", refunds: "500", tax: "-80", orders: 0 },
      { businessDate: "2026-11-22", net: "-450", refunds: "450", tax: "-50", orders: 0 },
    ]);
    const { total, entries } = await client.entries(storeId, { businessDate: "2026-11-21" });
    expect(total.net).toBe("-500");
    expect(entries).toHaveLength(1);
  });
});

describe("places and times", () => {
  test("a second currency is never added to the first", async () => {
    const storeId = await newStore();
    await pushed(aBill(storeId));
    await pushed(aBill(storeId, { currency: "JPY", paidAt: "2026-11-20T10:51:00Z" }));
    for (const grain of grains) {
      const rows = await client.sales(storeId, { ...november, grain });
      expect(rows.map(({ currency, net }) => `${currency} ${net}`)).toEqual([
        "EUR 1250",
        "JPY 1250",
      ]);
    }
  });

  test("the business date turns at the closeout of the store's clock", async () => {
    const storeId = await newStore({ closeoutMinute: 270 });
    await pushed(aBill(storeId, { paidAt: "2026-11-21T03:29:59.999Z" }));
    await pushed(aBill(storeId, { paidAt: "2026-11-21T03:30:00Z" }));
    const rows = await client.sales(storeId, { ...november, grain: "business-day" });
    expect(rows).toMatchObject([
      { businessDate: "2026-11-20", end: "2026-11-21T03:30:00.000Z", orders: 1 },
      { businessDate: "2026-11-21", start: "2026-11-21T03:30:00.000Z", orders: 1 },
    ]);
    // Both were paid on one calendar day, and in one hour, which therefore has no business date of its own.
    const day = await client.sales(storeId, { ...november, grain: "day" });
    expect(day).toMatchObject([{ orders: 2, businessDate: null }]);
  });

  test("in Kathmandu hours and days begin at a quarter past and before by UTC", async () => {
    const storeId = await newStore({ timeZone: "Asia/Kathmandu", currency: "NPR" });
    await pushed(aBill(storeId, { currency: "NPR", paidAt: "2026-11-20T10:10:00Z" }));
    expect(await client.sales(storeId, { ...november, grain: "hour" })).toMatchObject([
      { start: "2026-11-20T09:15:00.000Z", end: "2026-11-20T10:15:00.000Z", net: "1250" },
    ]);
    expect(await client.sales(storeId, { ...november, grain: "day" })).toMatchObject([
      { start: "2026-11-19T18:15:00.000Z", end: "2026-11-20T18:15:00.000Z", net: "1250" },
    ]);
  });

  test("on Lord Howe the day on which clocks go back half an hour has 24.5 hours and loses nothing", async () => {
    const storeId = await newStore({ timeZone: "Australia/Lord_Howe", currency: "AUD" });
    // 01:45 by the clock, twice: the second time half an hour after the first.
    for (const paidAt of ["2026-04-04T14:45:00Z", "2026-04-04T15:15:00Z"]) {
      await pushed(aBill(storeId, { currency: "AUD", paidAt }));
    }
    const april = { from: "2026-04-05", to: "2026-04-06" };
    expect(await client.sales(storeId, { ...april, grain: "day" })).toMatchObject([
      { start: "2026-04-04T13:00:00.000Z", end: "2026-04-05T13:30:00.000Z", orders: 2 },
    ]);
    expect(await client.sales(storeId, { ...april, grain: "hour" })).toMatchObject([
      { start: "2026-04-04T14:00:00.000Z", end: "2026-04-04T15:00:00.000Z", orders: 1 },
      { start: "2026-04-04T15:00:00.000Z", end: "2026-04-04T15:30:00.000Z", orders: 1 },
    ]);
  });
});

test("another tenant sees neither the store nor its orders, and cannot add to them", async () => {
  const storeId = await newStore();
  const order = aBill(storeId);
  await pushed(order);
  const other = await addTenant(product.installation.database.service, "Second");
  const stranger = makeRestClient(product.url, other.key);
  const range = "from=2026-11-19&to=2026-11-23";
  for (const path of [
    `/v1/stores/${storeId}`,
    `/v1/stores/${storeId}/live`,
    `/v1/stores/${storeId}/sales?${range}`,
    `/v1/stores/${storeId}/entries?${range}`,
    `/v1/stores/${storeId}/items?businessDate=2026-11-20`,
    `/v1/stores/${storeId}/forecasts`,
    `/v1/orders/push/default/${order.orderId}/status`,
  ]) {
    expect(await stranger.get(path), path).toMatchObject({
      status: 404,
      body: { code: "notFound" },
    });
  }
  expect((await stranger.get("/v1/stores")).body).toEqual({ stores: [] });
  expect((await stranger.push(order)).body.orders).toMatchObject([
    { result: "rejected", field: "storeId" },
  ]);
  expect(await client.sales(storeId, { ...november, grain: "day" })).toMatchObject([{ orders: 1 }]);
});

test("in the end every table equals what it is made of", async () => {
  const { database, ownerUrl, eventLog } = product.installation;
  expect((await verifyTables(database.service)).differences).toEqual([]);
  expect(await replayLedger({ ownerUrl, eventLog, swap: false })).toMatchObject({ equal: true });
});
