import { openScope } from "@tillcast/core";
import { replayLedger, verifyTables } from "@tillcast/proofs";
import { MINOR_MAX, type OrderPushInput, PUSH_MAX_COUNT } from "@tillcast/schemas";
import { afterAll, beforeAll, expect, test } from "vitest";
import { followLive } from "../../gateway/testing/live-follower.ts";
import { aBill } from "../support/a-bill.ts";
import { type ComposedProduct, composeProduct } from "../support/composed-product.ts";
import { makeRestClient, type RestClient } from "../support/rest-client.ts";
import { addStore, addTenant, type TestTenant } from "../support/tenants.ts";
import { untilSettled } from "../support/until-settled.ts";

const most = String(MINOR_MAX);
/** What a column of the tables holds. */
const columnMax = 2n ** 63n - 1n;
const hourMs = 3_600_000;

const scope = openScope();
let product: ComposedProduct;
let tenant: TestTenant;
let client: RestClient;

beforeAll(async () => {
  // Two hundred orders of one till are set aside in a row here, which would stop its partition otherwise.
  product = await composeProduct(scope, { LOG_SET_ASIDE_MAX: "100" });
  tenant = await addTenant(product.installation.database.service, "Boundless");
  client = makeRestClient(product.url, tenant.key);
});
afterAll(() => scope.close());

const newStore = (closeoutMinute = 240) =>
  addStore(product.installation.database.service, tenant.tenantId, {
    timeZone: "UTC",
    closeoutMinute,
  });
const dearBill = (storeId: string, change: Partial<OrderPushInput> = {}) =>
  aBill(storeId, {
    lines: [{ key: "1", name: "Diamond", gross: most }],
    payments: [],
    ...change,
  });
const many = <Part extends object>(count: number, part: Part) =>
  Array.from({ length: count }, (_, at) => ({ key: `${at}`, ...part }));

test.each<[what: string, field: string, change: Partial<OrderPushInput>]>([
  ["lines", "totals.gross", { lines: many(2, { name: "Diamond", gross: most }) }],
  ["units", "lines", { lines: many(5, { name: "Sand", gross: "1", qty: "999999999" }) }],
  ["taxes", "totals.tax", { lines: many(2, { name: "Gold", gross: "1", tax: most }) }],
  ["charges", "totals.charges", { charges: many(2, { kind: "service" as const, net: most }) }],
  ["tips", "totals.tip", { payments: many(2, { method: "card", amount: "1", tip: most }) }],
  ["payments", "payments", { payments: many(2, { method: "card", amount: most }) }],
  ["refunds", "refunds", { refunds: many(2, { amount: most, at: "2026-11-20T11:00:00Z" }) }],
  [
    "the two sides of an exchange",
    "totals.gross",
    {
      kind: "exchange",
      lines: ["1", "-1"].map((qty) => ({ key: qty, name: "Diamond", gross: most, qty })),
    },
  ],
])("a bill whose %s sum to more than can be kept exactly is refused", async (_, field, change) => {
  const { status, body } = await client.push(aBill(await newStore(), change));
  expect(status).toBe(422);
  expect([
    body.orders[0]?.field,
    ...(body.orders[0]?.faults ?? []).map((one) => one.field),
  ]).toContain(field);
});

test("a window that sums to more than a record of the log holds is shown all the same", async () => {
  // The business day began six hours ago, wherever the test runs.
  const storeId = await newStore((((new Date().getUTCHours() + 18) % 24) * 60) % 1_440);
  const follower = followLive(product.url, tenant.key, [storeId]);
  scope.defer(() => follower.close());
  const paidAt = new Date(Date.now() - hourMs).toISOString();
  for (let sold = 1n; sold <= 3n; sold += 1n) {
    const order = dearBill(storeId, { paidAt });
    await client.push(order);
    expect(await client.settled(order)).toMatchObject({ state: "counted" });
    await expect
      .poll(() => follower.netOf(storeId), { timeout: 20_000 })
      .toEqual({ EUR: String(sold * MINOR_MAX) });
  }
});

test("where even the tables are full an order is set aside with its reason, and everyone else goes on", async () => {
  const { database, eventLog } = product.installation;
  const [full, other] = [await newStore(), await newStore()];
  const count = Number(columnMax / MINOR_MAX) + 200;
  const orders = Array.from({ length: count }, () => dearBill(full));
  for (let from = 0; from < count; from += PUSH_MAX_COUNT) {
    await client.push(orders.slice(from, from + PUSH_MAX_COUNT));
    const beside = aBill(other);
    await client.push(beside);
    expect(await client.settled(beside)).toMatchObject({ state: "counted" });
  }
  await untilSettled(eventLog);
  const { rows } = await database.service.query<{
    counted: number;
    aside: number;
    order_id: string;
  }>(
    `select count(*)::int as counted,
       (select count(*)::int from dead_letter where reason like '%out of range%') as aside
     from order_head where store_id = $1`,
    [full],
  );
  const { counted = 0, aside = 0 } = rows[0] ?? {};
  expect(aside).toBeGreaterThan(0);
  expect(counted + aside).toBe(count);
  const [day] = await client.sales(full, { from: "2026-11-20", to: "2026-11-21", grain: "day" });
  expect(day).toMatchObject({ net: String(BigInt(counted) * MINOR_MAX), orders: counted });
  const states = await Promise.all(orders.slice(-5).map((order) => client.settled(order)));
  expect(new Set(states.map(({ state }) => state))).toEqual(new Set(["dead-lettered"]));
  for (const { reason } of states) expect(reason).toMatch(/out of range/);
});

test("verify and replay say equal, and replay leaves out what was set aside", async () => {
  const { database, ownerUrl, eventLog } = product.installation;
  expect((await verifyTables(database.service)).differences).toEqual([]);
  const replayed = await replayLedger({ ownerUrl, eventLog, swap: false });
  expect(replayed.tables.filter((table) => !table.equal)).toEqual([]);
  expect(replayed.deadLetters).toBeGreaterThan(0);
});
