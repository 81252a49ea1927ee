import { openScope } from "@tillcast/core";
import { verifyTables } from "@tillcast/proofs";
import type { EntryRow, OrderPushInput, Overview, TenderRow } from "@tillcast/schemas";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { aBill } from "../support/a-bill.ts";
import { type ComposedProduct, composeProduct } from "../support/composed-product.ts";
import { makeRestClient, type RestClient } from "../support/rest-client.ts";
import { addStore, addTenant, type TestTenant } from "../support/tenants.ts";

const scope = openScope();
let product: ComposedProduct;
let tenant: TestTenant;
let client: RestClient;
let storeId: string;

beforeAll(async () => {
  product = await composeProduct(scope);
  const { service } = product.installation.database;
  tenant = await addTenant(service, "Sums");
  client = makeRestClient(product.url, tenant.key);
  storeId = await addStore(service, tenant.tenantId);
});
afterAll(() => scope.close());

async function pushed(order: OrderPushInput): Promise<void> {
  const { body } = await client.push(order);
  expect(body.orders, JSON.stringify(body)).toMatchObject([{ result: "accepted" }]);
  await client.settled(order);
}
const version = (vendorVersion: number) => ({ version: { vendorVersion } });
const entriesOf = (businessDate: string) => client.entries(storeId, { businessDate });
const sumOf = (entry: Omit<EntryRow, "order" | "kind">) =>
  BigInt(entry.gross) -
  BigInt(entry.discount) -
  BigInt(entry.includedTax) +
  BigInt(entry.charges) -
  BigInt(entry.refund) -
  BigInt(entry.void);

describe("entries", () => {
  test("are a sum: gross - discount - included tax + charges - refund - void = net", async () => {
    const paidAt = "2026-11-20T10:50:00Z";
    const service = aBill(storeId, {
      paidAt,
      lines: [
        { key: "1", name: "Soup", gross: "1250", discount: "250", tax: "200" },
        { key: "2", name: "Tea", gross: "300", tax: "57", voidedAt: "2026-11-20T11:20:00Z" },
        { key: "3", name: "Gift card", gross: "2000", kind: "gift_card" },
      ],
      charges: [
        { key: "s", kind: "service", net: "125", tax: "20" },
        { key: "g", kind: "gratuity", net: "90" },
        { key: "r", kind: "rounding", net: "-3" },
      ],
      refunds: [{ key: "r1", amount: "400", net: "336", tax: "64", at: "2026-11-20T13:00:00Z" }],
    });
    const inclusive = aBill(storeId, { paidAt, taxMode: "inclusive" });
    await pushed(service);
    await pushed(inclusive);
    const { entries, total } = await entriesOf("2026-11-20");
    expect(entries.length).toBeGreaterThan(3);
    for (const entry of entries) expect(sumOf(entry).toString(), entry.entryId).toBe(entry.net);
    const sum = (name: "net" | "gross" | "charges" | "includedTax" | "refund" | "void") =>
      entries.reduce((all, entry) => all + BigInt(entry[name]), 0n).toString();
    expect(total).toMatchObject({
      net: sum("net"),
      gross: sum("gross"),
      charges: sum("charges"),
      includedTax: "200",
      otherCharges: "90",
      rounding: "-3",
      unreconciled: "0",
    });
    const sale = entries.find(
      (one) => one.order.orderId === service.orderId && one.kind === "sale",
    );
    expect(sale).toMatchObject({ gross: "1550", discount: "250", charges: "125", net: "1425" });
    expect(sale?.order.charges).toContainEqual({ kind: "service", net: "125", tax: "20" });
    expect(sale?.order.lines[2]).toMatchObject({
      name: "Gift card",
      revenue: false,
      gross: "2000",
    });
  });

  test("say what they are: a sale, a correction, a refund, a void, a return", async () => {
    const day = "2026-11-18";
    const at = (time: string) => `${day}T${time}:00Z`;
    const order = aBill(storeId, { paidAt: at("10:00"), payments: [] });
    await pushed(order);
    const dearer = [{ key: "1", name: "Soup", gross: "1450", tax: "200" }];
    await pushed({ ...order, ...version(2), lines: dearer });
    const refund = { key: "r1", amount: "500", net: "420", tax: "80", at: at("11:00") };
    await pushed({ ...order, ...version(3), lines: dearer, refunds: [refund] });
    const gone = aBill(storeId, { paidAt: at("10:30"), payments: [] });
    await pushed(gone);
    await pushed({ ...gone, ...version(2), status: "voided", voidedAt: at("12:00") });
    const back = aBill(storeId, { paidAt: at("12:30"), kind: "return", payments: [] });
    await pushed(back);
    const { entries } = await entriesOf(day);
    const told = entries.map((one) => [one.order.orderId, one.kind, one.net]);
    expect(told.slice(0, 2)).toEqual(
      expect.arrayContaining([
        [order.orderId, "sale", "1250"],
        [order.orderId, "correction", "200"],
      ]),
    );
    expect(told.slice(2)).toEqual([
      [gone.orderId, "sale", "1250"],
      [order.orderId, "refund", "-420"],
      [gone.orderId, "void", "-1250"],
      [back.orderId, "return", "-1250"],
    ]);
  });
});

test("tenders are told by business date, method and currency, as the payments were", async () => {
  const shop = await addStore(product.installation.database.service, tenant.tenantId);
  const payment = (key: string, method: string, amount: string, tip = "0") => ({
    key,
    method,
    amount,
    tip,
  });
  await pushed(
    aBill(shop, {
      paidAt: "2026-11-19T10:00:00Z",
      payments: [payment("1", "card", "1450", "100")],
    }),
  );
  await pushed(
    aBill(shop, {
      paidAt: "2026-11-20T10:00:00Z",
      payments: [payment("1", "card", "1000"), payment("2", "cash", "450")],
      refunds: [
        {
          key: "r",
          paymentKey: "1",
          amount: "200",
          net: "168",
          tax: "32",
          at: "2026-11-21T10:00:00Z",
        },
      ],
    }),
  );
  const tenders = async (query: string) => {
    const path = `/v1/stores/${shop}/tenders?${query}`;
    const { status, body } = await client.get<{ tenders: TenderRow[] }>(path);
    expect(status, JSON.stringify(body)).toBe(200);
    return body.tenders;
  };
  const row = (
    businessDate: string,
    method: string,
    amount: string,
    tip: string,
    refunded: string,
  ) => ({
    businessDate,
    method,
    currency: "EUR",
    amount,
    tip,
    refunded,
  });
  expect(await tenders("from=2026-11-19&to=2026-11-22")).toEqual([
    row("2026-11-19", "card", "1450", "100", "0"),
    row("2026-11-20", "card", "1000", "0", "0"),
    row("2026-11-20", "cash", "450", "0", "0"),
    row("2026-11-21", "card", "0", "0", "200"),
  ]);
  expect(await tenders("from=2026-11-20&to=2026-11-21")).toHaveLength(2);
  for (const [query, field] of [
    ["from=2026-11-22&to=2026-11-20", "query.to"],
    ["from=2026-11-22", "query.to"],
    ["from=2001-01-01&to=2026-01-01", "query.to"],
    ["from=yesterday&to=2026-01-01", "query.from"],
  ]) {
    const { status, body } = await client.get(`/v1/stores/${shop}/tenders?${query}`);
    expect([status, body.field], query).toEqual([422, field]);
  }
});

test("two currencies on the list: a sale in another currency is told beside the store's own", async () => {
  const shop = await addStore(product.installation.database.service, tenant.tenantId);
  const now = new Date().toISOString();
  const yen = {
    currency: "JPY",
    lines: [{ key: "1", name: "Ramen", gross: "1250" }],
    payments: [],
  };
  await pushed(aBill(shop, { paidAt: now, ...yen }));
  const { body } = await client.get<Overview>("/v1/overview");
  const listed = body.stores.find((store) => store.storeId === shop);
  expect(listed).toMatchObject({
    net: "0",
    orders: 0,
    otherCurrencies: [{ currency: "JPY", net: "1250", orders: 1 }],
  });
});

test("a till's total within its feed's tolerance counts, and what is left over is told apart", async () => {
  const { service } = product.installation.database;
  const shop = await addStore(service, tenant.tenantId);
  const bill = aBill(shop, { locationId: "half-up", totals: { total: "1451" } });
  const refused = await client.push(bill);
  expect(refused.body.orders[0]).toMatchObject({ result: "rejected", field: "totals.total" });
  await service.query("update feed set tolerance_minor = 1 where location_id = 'half-up'");
  await expect
    .poll(async () => (await client.push(bill)).body.orders[0]?.result, { timeout: 10_000 })
    .not.toBe("rejected");
  await client.settled(bill);
  const { entries } = await client.entries(shop, { businessDate: "2026-11-20" });
  expect(entries).toMatchObject([{ net: "1250", tax: "200", orders: 1 }]);
});

test("the tables are what the log says", async () => {
  expect((await verifyTables(product.installation.database.service)).differences).toEqual([]);
});
