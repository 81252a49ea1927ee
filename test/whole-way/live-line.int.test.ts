import { setTimeout as pause } from "node:timers/promises";
import { openScope } from "@tillcast/core";
import { replayLedger, verifyTables } from "@tillcast/proofs";
import { businessDateOf, type SalesResponse } from "@tillcast/schemas";
import {
  ensureSimulatedTenant,
  expectedTotals,
  loadOrders,
  simulatedStores,
} from "@tillcast/simulator";
import { afterAll, beforeAll, expect, test } from "vitest";
import { followLive, type LiveFollower } from "../../gateway/testing/live-follower.ts";
import { rollupDifferences, tiers } from "../support/compare-rollups.ts";
import { type ComposedProduct, composeProduct } from "../support/composed-product.ts";
import { makeDice } from "../support/dice.ts";
import { pushUntilTaken } from "../support/push-until-taken.ts";
import { makeRestClient, type RestClient } from "../support/rest-client.ts";
import { addTenant } from "../support/tenants.ts";
import { untilSettled } from "../support/until-settled.ts";

const seed = Number(process.env.TILLCAST_TEST_SEED ?? 250);
const accountId = "live";
const minuteMs = 60_000;
/** Business days that began five hours ago, so that none of them turns while the test runs. */
const nowMs = Date.now();
const stores = simulatedStores(6).map((store) => ({
  ...store,
  closeoutMinute: dayStartIn(store.timeZone),
}));
const storeIds = stores.map(({ storeId }) => storeId);

const scope = openScope();
let product: ComposedProduct;
let client: RestClient;
let followers: readonly LiveFollower[];
let late: LiveFollower;

beforeAll(async () => {
  console.log(`live line: seed ${seed}`);
  product = await composeProduct(scope);
  const { service } = product.installation.database;
  const { tenantId, key } = await addTenant(service, "Live");
  const tenant = { tenantId, name: "Live", isDemo: false, accountId, stores };
  await ensureSimulatedTenant(service, tenant);
  client = makeRestClient(product.url, key);
  const follow = (ids: readonly string[]) => {
    const follower = followLive(product.url, key, ids);
    scope.defer(() => follower.close());
    return follower;
  };
  followers = [follow(storeIds), follow(storeIds.slice(0, 2)), follow(storeIds.slice(3))];

  const shares = { editShare: 0.3, duplicateShare: 0.05, lateShare: 0.05 };
  const span = { fromMs: nowMs - 240 * minuteMs, spanMs: 230 * minuteMs };
  const orders = [...loadOrders({ seed, orders: 3_000, stores, accountId, ...span, ...shares })];
  const push = (some: typeof orders) =>
    pushUntilTaken(client, some, { pushesAtOnce: 3, batchMaxCount: 10, pauseMs: 10 });
  await Promise.all([push(orders.slice(0, 2_000)), cutOff()]);
  await Promise.all([push(orders.slice(2_000)), swapTables()]);
  late = follow(storeIds);
  await untilSettled(product.installation.eventLog);

  const expected = expectedTotals(orders, stores);
  for (const tier of tiers) {
    expect(await rollupDifferences(service, tier, stores, expected)).toEqual([]);
  }
});
afterAll(() => scope.close());

test("whoever follows the live line ends with the numbers of the API, whatever happened on the way", async () => {
  for (const { storeId, timeZone, closeoutMinute } of stores) {
    const closeouts = [{ effectiveFrom: "2000-01-01", closeoutMinute }];
    const date = businessDateOf(nowMs, timeZone, closeouts);
    const path = `/v1/stores/${storeId}/sales?grain=business-day&from=${date}&to=${dayAfter(date)}`;
    const { body } = await client.get<SalesResponse>(path);
    const nets = Object.fromEntries(body.windows.map(({ currency, net }) => [currency, net]));
    expect(Object.keys(nets)).toHaveLength(1);
    for (const follower of [...followers, late]) {
      if (follower.netOf(storeId) === undefined) continue;
      await expect
        .poll(() => follower.seqOf(storeId), { timeout: 20_000 })
        .toBe(body.cursor.windows);
      expect(follower.netOf(storeId)).toEqual(nets);
    }
  }
});

test("followers were kept up to date by updates, and asked for a snapshot only when they had to", () => {
  console.log(JSON.stringify(followers.map(({ counts }) => counts)));
  for (const { counts } of followers) {
    expect(counts.connections).toBe(1);
    expect(counts.updates).toBeGreaterThan(counts.snapshots);
  }
});

test("verify and replay say equal after tables were swapped under a live load", async () => {
  const { database, ownerUrl, eventLog } = product.installation;
  expect((await verifyTables(database.service)).differences).toEqual([]);
  expect(await replayLedger({ ownerUrl, eventLog, swap: false })).toMatchObject({ equal: true });
});

/** Takes the database away now and then. */
async function cutOff(): Promise<void> {
  const { way } = product.installation;
  const dice = makeDice(seed);
  for (let cut = 0; cut < 3; cut += 1) {
    await pause(dice.int(100, 700));
    await way.cut();
    await pause(dice.int(50, 300));
    await way.mend();
  }
}

/** Puts replayed tables in the place of the live ones. */
async function swapTables(): Promise<void> {
  const { ownerUrl, eventLog } = product.installation;
  const replayed = await replayLedger({ ownerUrl, eventLog, swap: true });
  expect(replayed.tables.filter((table) => !table.equal)).toEqual([]);
}

function dayStartIn(timeZone: string): number {
  const wall = new Intl.DateTimeFormat("en-GB", { timeZone, hour: "2-digit", hour12: false });
  return ((Number(wall.format(nowMs - 300 * minuteMs)) % 24) * 60) % 1_440;
}

function dayAfter(date: string): string {
  return new Date(Date.parse(date) + 86_400_000).toISOString().slice(0, 10);
}
