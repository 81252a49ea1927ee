import { setTimeout as pause } from "node:timers/promises";
import { openScope } from "@tillcast/core";
import { replayLedger, verifyTables } from "@tillcast/proofs";
import {
  ensureSimulatedTenant,
  expectedTotals,
  loadOrders,
  simulatedStores,
} from "@tillcast/simulator";
import { afterAll, beforeAll, expect, test } from "vitest";
import { aBill } from "../support/a-bill.ts";
import { rollupDifferences, tiers } from "../support/compare-rollups.ts";
import { type ComposedProduct, composeProduct } from "../support/composed-product.ts";
import { makeDice } from "../support/dice.ts";
import { pushUntilTaken } from "../support/push-until-taken.ts";
import { makeRestClient, type RestClient } from "../support/rest-client.ts";
import { addStore, addTenant, type TestTenant } from "../support/tenants.ts";
import { untilSettled } from "../support/until-settled.ts";

const seed = Number(process.env.TILLCAST_TEST_SEED ?? 503);
const scope = openScope();
let product: ComposedProduct;
let tenant: TestTenant;
let client: RestClient;

beforeAll(async () => {
  console.log(`closed database: seed ${seed}`);
  product = await composeProduct(scope);
  tenant = await addTenant(product.installation.database.service, "Patient");
  client = makeRestClient(product.url, tenant.key);
});
afterAll(() => scope.close());

test("while the database is away nothing is taken, each answer says when to come again, and then all goes on", async () => {
  const { way, database } = product.installation;
  const storeId = await addStore(database.service, tenant.tenantId);
  const before = aBill(storeId);
  await client.push(before);
  await client.settled(before);

  await way.cut();
  const during = aBill(storeId);
  const day = "from=2026-11-20&to=2026-11-21";
  const answers = [
    await client.push(during),
    await client.get(`/v1/stores/${storeId}/sales?${day}`),
    await client.get(`/v1/orders/push/default/${during.orderId}/status`),
  ];
  for (const { status, headers, body } of answers) {
    expect({ status, code: body.code }).toEqual({ status: 503, code: "databaseUnavailable" });
    expect(Number(headers.get("retry-after"))).toBeGreaterThan(0);
    expect(body.detail).toMatch(/database/);
  }
  expect((await client.get("/healthz")).status).toBe(200);
  const readiness = await client.get("/readyz");
  expect(readiness.status).toBe(503);
  // Anybody may ask which part is away, and only whoever runs the product is told why and where.
  const told = JSON.stringify(readiness.body);
  expect(told).toMatch(/database/);
  expect(told).not.toMatch(/reason|\d+\.\d+\.\d+\.\d+|ECONN/);
  const details = await fetch(`${product.operationsUrl}/readyz`);
  expect(details.status).toBe(503);
  expect(await details.json()).toMatchObject({
    checks: expect.arrayContaining([
      { name: "database", ok: false, reason: expect.stringMatching(/./) },
    ]),
  });

  await way.mend();
  await expect
    .poll(async () => (await client.get("/readyz")).status, { timeout: 10_000 })
    .toBe(200);
  expect((await client.get(`/v1/orders/push/default/${during.orderId}/status`)).status).toBe(404);
  expect((await client.push([before, during])).body).toMatchObject({ accepted: 1, duplicates: 1 });
  await client.settled(during);
  const sales = await client.sales(storeId, { from: "2026-11-20", to: "2026-11-21" });
  expect(sales).toMatchObject([{ net: "2500", orders: 2 }]);
});

test("a database that is cut off again and again loses no acknowledged order and counts none twice", async () => {
  const { way, database, eventLog } = product.installation;
  const dice = makeDice(seed);
  const stores = simulatedStores(8);
  const accountId = "cuts";
  const { tenantId } = tenant;
  await ensureSimulatedTenant(database.service, {
    tenantId,
    name: "Patient",
    isDemo: false,
    accountId,
    stores,
  });
  const fromMs = Date.parse("2026-11-18T00:00:00Z");
  const shares = { editShare: 0.2, duplicateShare: 0.05, lateShare: 0.05 };
  const span = { fromMs, spanMs: 48 * 3_600_000 };
  const orders = [...loadOrders({ seed, orders: 4_000, stores, accountId, ...span, ...shares })];

  let isOver = false;
  const load = pushUntilTaken(client, orders, { pushesAtOnce: 4, batchMaxCount: 40 });
  void load.finally(() => {
    isOver = true;
  });
  let cuts = 0;
  while (!isOver) {
    await pause(dice.int(100, 700));
    await way.cut();
    await pause(dice.int(0, 400));
    await way.mend();
    cuts += 1;
  }
  await load;
  console.log(`closed database: ${cuts} cuts`);
  expect(cuts).toBeGreaterThan(1);
  await untilSettled(eventLog);
  const expected = expectedTotals(orders, stores);
  for (const tier of tiers) {
    expect(await rollupDifferences(database.service, tier, stores, expected)).toEqual([]);
  }
});

test("afterwards verify and replay say equal", async () => {
  const { database, ownerUrl, eventLog } = product.installation;
  expect((await verifyTables(database.service)).differences).toEqual([]);
  expect(await replayLedger({ ownerUrl, eventLog, swap: false })).toMatchObject({ equal: true });
});
