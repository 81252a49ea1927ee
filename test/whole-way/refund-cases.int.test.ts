import { openScope } from "@tillcast/core";
import { replayLedger, verifyTables } from "@tillcast/proofs";
import type { OrderPushInput } from "@tillcast/schemas";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type ComposedProduct, composeProduct } from "../support/composed-product.ts";
import { makeRestClient, type RestClient } from "../support/rest-client.ts";
import { addStore, addTenant, type TestTenant } from "../support/tenants.ts";

/** Small bills that once gave wrong sums, each sent as a till sends it, with its right value. */
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

const newStore = () =>
  addStore(product.installation.database.service, tenant.tenantId, {
    timeZone: "Europe/Berlin",
  });

type Bill = Omit<OrderPushInput, "storeId" | "version" | "status" | "currency"> &
  Partial<Pick<OrderPushInput, "status" | "currency">>;

async function pushed(storeId: string, bill: Bill) {
  const version = { vendorVersion: 1 };
  const order = { status: "closed" as const, currency: "EUR", ...bill, version, storeId };
  const { body } = await client.push(order);
  expect(body.orders, JSON.stringify(body)).toMatchObject([{ result: "accepted", reason: null }]);
  return client.settled(order);
}

const days = (storeId: string) =>
  client.sales(storeId, { from: "2026-05-01", to: "2026-06-30", grain: "business-day" });

async function items(storeId: string, businessDate: string) {
  const path = `/v1/stores/${storeId}/items?businessDate=${businessDate}`;
  const { body } = await client.get<{ items: { itemKey: string; net: string }[] }>(path);
  return body.items.map(({ itemKey, net }) => [itemKey, net]);
}

test("refund-names-its-line", async () => {
  const storeId = await newStore();
  await pushed(storeId, {
    orderId: "b-1",
    openedAt: "2026-05-11T12:00:00+02:00",
    paidAt: "2026-05-11T12:00:00+02:00",
    lines: [
      { key: "1", name: "Food", gross: "1000", tax: "70" },
      { key: "2", name: "Wine", gross: "1000", tax: "190" },
    ],
    payments: [{ key: "1", method: "card", amount: "2260" }],
    refunds: [{ key: "r", at: "2026-05-12T10:00:00+02:00", amount: "1190", lineKey: "2" }],
  });
  expect(await days(storeId)).toMatchObject([
    { businessDate: "2026-05-11", net: "2000", tax: "260" },
    { businessDate: "2026-05-12", net: "-1000", tax: "-190", refunds: "1000", unreconciled: "0" },
  ]);
  expect(await items(storeId, "2026-05-12")).toEqual([["Wine", "-1000"]]);
});

test("refund-of-gift-card-bill", async () => {
  const storeId = await newStore();
  await pushed(storeId, {
    orderId: "r-9",
    openedAt: "2026-05-28T12:00:00+02:00",
    paidAt: "2026-05-28T12:00:00+02:00",
    lines: [
      { key: "1", name: "Soup", gross: "1000", tax: "190" },
      { key: "2", name: "Gift card", gross: "5000", revenue: false },
    ],
    payments: [{ key: "1", method: "card", amount: "6190" }],
    refunds: [{ key: "r", at: "2026-05-29T10:00:00+02:00", amount: "6190" }],
  });
  expect(await days(storeId)).toMatchObject([
    { businessDate: "2026-05-28", net: "1000", tax: "190" },
    { businessDate: "2026-05-29", net: "-1000", tax: "-190", unreconciled: "0" },
  ]);
});

test("voided-and-refunded", async () => {
  const storeId = await newStore();
  await pushed(storeId, {
    orderId: "lv-2",
    status: "voided",
    openedAt: "2026-05-05T12:00:00+02:00",
    paidAt: "2026-05-05T12:00:00+02:00",
    voidedAt: "2026-05-05T13:00:00+02:00",
    lines: [{ key: "1", name: "Soup", gross: "1000" }],
    payments: [{ key: "1", method: "card", amount: "1000" }],
    refunds: [{ key: "r", at: "2026-05-05T13:00:00+02:00", amount: "1000" }],
  });
  expect(await days(storeId)).toMatchObject([
    { businessDate: "2026-05-05", net: "0", orders: 0, unreconciled: "0" },
  ]);
});

test("a refund beyond the bill is refused, and of a file counted with the rest unreconciled", async () => {
  const storeId = await newStore();
  const bill = {
    storeId,
    orderId: "beyond",
    version: { vendorVersion: 1 },
    status: "closed" as const,
    currency: "EUR",
    openedAt: "2026-05-05T12:00:00+02:00",
    paidAt: "2026-05-05T12:00:00+02:00",
    lines: [{ key: "1", name: "Soup", gross: "1000" }],
    refunds: [{ key: "r", at: "2026-05-06T13:00:00+02:00", amount: "1500" }],
  };
  const { status, body } = await client.push(bill);
  expect(status).toBe(422);
  expect(body.orders).toMatchObject([
    {
      result: "rejected",
      field: "refunds[0].amount",
      reason: "must be at most 1000, what is left of the bill; got 1500",
    },
  ]);
  expect((await client.push({ ...bill, source: "file" })).body).toMatchObject({ accepted: 1 });
  await expect
    .poll(() => days(storeId), { timeout: 10_000 })
    .toMatchObject([
      { businessDate: "2026-05-05", net: "1000" },
      { businessDate: "2026-05-06", net: "-1000", unreconciled: "-500" },
    ]);
});

test("a bill of gift cards alone is not counted, and says why", async () => {
  const storeId = await newStore();
  const status = await pushed(storeId, {
    orderId: "card",
    openedAt: "2026-05-05T12:00:00+02:00",
    paidAt: "2026-05-05T12:00:00+02:00",
    lines: [{ key: "1", name: "Gift card", kind: "gift_card", gross: "5000" }],
    payments: [{ key: "1", method: "card", amount: "5000" }],
  });
  expect(status).toMatchObject({
    state: "not-counted",
    reason: "nothing that the order sells is revenue; its payments are in the tenders",
  });
  expect(await days(storeId)).toEqual([]);
});

test("two checks, one paid: open as a whole, counted when the second is paid", async () => {
  const storeId = await newStore();
  const first = { key: "1", method: "card", amount: "600", at: "2026-05-05T12:30:00+02:00" };
  const second = { key: "2", method: "cash", amount: "400", at: "2026-05-05T12:50:00+02:00" };
  const bill = {
    storeId,
    orderId: "two-checks",
    status: "open" as const,
    currency: "EUR",
    openedAt: "2026-05-05T12:00:00+02:00",
    lines: [
      { key: "1", name: "Soup", gross: "600", checkId: "a" },
      { key: "2", name: "Tea", gross: "400", checkId: "b" },
    ],
  };
  await client.push({ ...bill, version: { vendorVersion: 1 }, payments: [first] });
  expect(await client.settled(bill)).toMatchObject({ state: "open", windows: [] });
  await client.push({ ...bill, version: { vendorVersion: 2 }, payments: [first, second] });
  expect(await client.settled(bill)).toMatchObject({
    state: "counted",
    countedAt: "2026-05-05T10:50:00.000Z",
  });
});

test("verify and replay say equal afterwards", async () => {
  const { installation } = product;
  const verified = await verifyTables(installation.database.service);
  expect(verified).toMatchObject({ equal: true, differences: [] });
  const { ownerUrl, eventLog } = installation;
  expect(await replayLedger({ ownerUrl, eventLog, swap: false })).toMatchObject({ equal: true });
});
