import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { createApiKey } from "@tillcast/accounts";
import { makeMetrics, openScope, silentLogger } from "@tillcast/core";
import { type Database, openDatabase } from "@tillcast/core/database";
import { type EventLog, openPostgresLog } from "@tillcast/event-log";
import type { OrderPushInput } from "@tillcast/schemas";
import {
  ensureSimulatedTenant,
  expectedTotals,
  loadOrders,
  simulatedStores,
} from "@tillcast/simulator";
import { afterAll, beforeAll, expect, test } from "vitest";
import { rollupDifferences, tiers } from "../support/compare-rollups.ts";
import { type Dice, makeDice } from "../support/dice.ts";
import {
  databaseOf,
  ownerUrlOf,
  type ProcessTree,
  runCommand,
  startProcessTree,
} from "../support/process-tree.ts";
import { killAll, waitUntil } from "../support/processes.ts";
import { freePort } from "../support/product.ts";
import { pushUntilTaken } from "../support/push-until-taken.ts";
import { makeRestClient } from "../support/rest-client.ts";
import { untilSettled } from "../support/until-settled.ts";

const seed = Number(process.env.TILLCAST_TEST_SEED ?? Date.now() % 1_000_000);
/** `TILLCAST_TEST_ORDERS=20000` is the long run. */
const orderCount = Number(process.env.TILLCAST_TEST_ORDERS ?? 6_000);
const tenantId = "0de10000-0000-4000-8000-0000000000c1";
const accountId = "crash";
const stores = simulatedStores(8);
const deaths = ["everything", "node", "everything", "database"] as const;
const deathCount = 8;
/** A database server that falls again after every good start is still started again. */
const databaseFalls = 4;
/** From one death to the next. */
const takenMaxMs = 180_000;

const scope = openScope();
let options: { readonly dataDir: string; readonly port: number };
let tree: ProcessTree;
let key: string;
let orders: readonly OrderPushInput[];

beforeAll(async () => {
  console.log(`kill mid-stream: seed ${seed}, ${orderCount} orders`);
  const dataDir = await mkdtemp(join(tmpdir(), "tillcast-crash-"));
  scope.defer(() => rm(dataDir, { recursive: true, force: true }));
  scope.defer(() => killAll(databaseOf(dataDir)));
  options = { dataDir, port: await freePort() };
  scope.defer(() => tree?.killAll());
  tree = await startProcessTree(options);
  await withDatabase(async ({ database }) => {
    const tenant = { tenantId, name: "Crash", isDemo: false, accountId, stores };
    await ensureSimulatedTenant(database.service, tenant);
    const scopes = ["orders:write", "sales:read"] as const;
    key = (await createApiKey(database.service, { tenantId, scopes })).key;
  });
  const shares = { editShare: 0.2, duplicateShare: 0.05, lateShare: 0.05 };
  const span = { fromMs: Date.parse("2026-11-18T00:00:00Z"), spanMs: 48 * 3_600_000 };
  orders = [...loadOrders({ seed, orders: orderCount, stores, accountId, ...span, ...shares })];
});
afterAll(() => scope.close());

test("orders that are acknowledged between sudden deaths count exactly once, to the cent", async () => {
  const dice = makeDice(seed);
  let taken = 0;
  const load = pushUntilTaken(makeRestClient(tree.url, key), orders, {
    pushesAtOnce: 3,
    batchMaxCount: 20,
    pauseMs: 20,
    onTaken: (count) => {
      taken += count;
    },
  });
  let failure: unknown;
  load.catch((error: unknown) => {
    failure = error;
  });
  for (const [at, moment] of drawMoments(dice).entries()) {
    const isDue = () => taken >= moment || failure !== undefined;
    await waitUntil(`${moment} orders are taken`, isDue, takenMaxMs);
    await pause(dice.int(0, 200));
    const death = deaths[at % deaths.length];
    console.log(`${taken} of ${orders.length} taken; ${death} is killed`);
    await die(death);
  }
  await load;
  await tree.untilReady();

  await withDatabase(async ({ database, eventLog }) => {
    await untilSettled(eventLog);
    const expected = expectedTotals(orders, stores);
    for (const tier of tiers) {
      expect(await rollupDifferences(database.service, tier, stores, expected)).toEqual([]);
    }
    const { rows } = await database.service.query(
      "select (select count(*)::int from order_head) as orders, (select count(*)::int from dead_letter) as dead",
    );
    expect(rows).toEqual([{ orders: orderCount, dead: 0 }]);
  });
});

test("verify and replay say equal beside the running server", async () => {
  const verified = await runCommand<{ equal: boolean; orders: number }>(["verify"], options);
  expect(verified).toMatchObject({ exitCode: 0, equal: true, orders: orderCount });
  expect(await runCommand(["replay"], options)).toMatchObject({ exitCode: 0, equal: true });
});

test("a stop leaves nothing running, and a later start has everything at once", async () => {
  expect(await tree.stop()).toBe(0);
  expect(databaseOf(options.dataDir)).toEqual([]);
  tree = await startProcessTree(options);
  console.log(`FIGURE later start after ${orderCount} orders: ${Math.round(tree.readyMs)} ms`);
  const client = makeRestClient(tree.url, key);
  const listed = await client.get<{ stores: unknown[] }>("/v1/stores");
  expect(listed.body.stores).toHaveLength(stores.length);
});

/** How many orders have been taken when something dies; at last all of them, and perhaps not yet settled. */
function drawMoments(dice: Dice): number[] {
  const moments = Array.from({ length: deathCount - 1 }, () => dice.int(1, orders.length));
  return [...moments.sort((a, b) => a - b), orders.length];
}

/** Lets what dies die, and starts again what does not do so by itself. */
async function die(death: (typeof deaths)[number] | undefined): Promise<void> {
  if (death === "database") {
    for (let fall = 0; fall < databaseFalls; fall += 1) {
      tree.killDatabase();
      const isBack = () => databaseOf(options.dataDir).length > 0;
      await waitUntil("the database server runs again", isBack, takenMaxMs);
      await tree.untilReady();
    }
    return;
  }
  if (death === "node") await tree.killNode();
  else await tree.killAll();
  tree = await startProcessTree(options);
  console.log(`FIGURE ready again ${Math.round(tree.readyMs)} ms after ${death} was killed`);
}

async function withDatabase(
  work: (open: { database: Database; eventLog: EventLog }) => Promise<void>,
): Promise<void> {
  const inner = openScope();
  try {
    const url = await ownerUrlOf(options.dataDir);
    const database = openDatabase({ url, applicationName: "tillcast-test" });
    inner.defer(() => database.close());
    const log = { url, log: silentLogger, metrics: makeMetrics() };
    const eventLog = await openPostgresLog({ pool: database.service, ...log });
    inner.defer(() => eventLog.close());
    await work({ database, eventLog });
  } finally {
    await inner.close();
  }
}
