import { openScope } from "@tillcast/core";
import type { Ingest } from "@tillcast/ingest";
import { replayLedger, verifyTables } from "@tillcast/proofs";
import { addDays, DAY_MS, type OrderPushInput, type OrderPushResponse } from "@tillcast/schemas";
import {
  deliveriesOf,
  type ExpectedTotal,
  ensureSimulatedTenant,
  expectedTotals,
  heavyTrouble,
  storeProfiles,
} from "@tillcast/simulator";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { rollupDifferences, tiers } from "../support/compare-rollups.ts";
import { makeDice } from "../support/dice.ts";
import { openTestInstallation, type TestInstallation } from "../support/open-installation.ts";
import { startIntake, startProcessors } from "../support/pipeline.ts";
import { spoilOrder } from "../support/spoil-order.ts";
import { untilSettled } from "../support/until-settled.ts";

/** A few days hold every kind of trouble; `TILLCAST_TEST_DAYS=56` runs the eight weeks, and as busy. */
const days = Number(process.env.TILLCAST_TEST_DAYS ?? 9);
const isWhole = days > 9;
const busyness = isWhole ? 1 : 0.4;
vi.setConfig({ testTimeout: isWhole ? 900_000 : 60_000 });
const seed = Number(process.env.TILLCAST_TEST_SEED ?? 20_260_328);
/** Clocks go forward in Berlin and London on the second day, and back on Lord Howe on the ninth. */
const fromDate = "2026-03-28";
const tenantId = "0de10000-0000-4000-8000-0000000000e1";
/** Its location is known to nobody in the first half. */
const unmapped = "kathmandu-momo";
const batchMaxCount = 500;
const pushesAtOnce = 3;

const stores = storeProfiles.map((store) => ({
  ...store,
  ticketsPerDay: store.ticketsPerDay * busyness,
}));
const scope = openScope();
const sum = { sent: 0, accepted: 0, duplicates: 0, parked: 0, rejected: 0 };
/** Everything that was sent and not rejected. */
const kept: OrderPushInput[] = [];
let expected: readonly ExpectedTotal[];
let installation: TestInstallation;

beforeAll(async () => {
  console.log(`eight weeks of trouble: ${days} days, seed ${seed}`);
  installation = await openTestInstallation(scope);
  const { database, eventLog } = installation;
  const tenant = { tenantId, name: "Trouble", isDemo: false, accountId: "eight-weeks" };
  await ensureSimulatedTenant(database.service, { ...tenant, stores });
  await mapLocation(null);
  const ingest = await startIntake(scope, installation);
  const first = await startProcessors(scope, installation);
  await startProcessors(scope, installation);

  const deliveries = [...drawDeliveries()];
  const third = Math.ceil(deliveries.length / 3);
  await pushAll(ingest, deliveries.slice(0, third));
  await first.stop();
  await mapLocation(stores.find(({ key }) => key === unmapped)?.storeId ?? null);
  await pushAll(ingest, deliveries.slice(third, 2 * third));
  await ingest.releaseNow();
  await startProcessors(scope, installation);
  await pushAll(ingest, deliveries.slice(2 * third));
  await ingest.releaseNow();
  await untilSettled(eventLog);
  console.log(JSON.stringify(sum));
  expected = expectedTotals(kept, stores);
}, 1_800_000);
afterAll(() => scope.close());

test("every order that was sent is accepted, a duplicate, parked or rejected", () => {
  expect(sum.accepted + sum.duplicates + sum.parked + sum.rejected).toBe(sum.sent);
  for (const count of Object.values(sum)) expect(count).toBeGreaterThan(0);
});

test.each(tiers)("%s equals to the cent what the simulator expects", async (tier) => {
  expect(await differences(tier)).toEqual([]);
});

test("there is one head for each order, and nothing is parked or set aside any more", async () => {
  const { rows } = await installation.database.service.query(`
    select (select count(*)::int from order_head) as orders,
      (select count(*)::int from parked_order where released_at is null) as parked,
      (select count(*)::int from dead_letter) as dead`);
  const orders = new Set(kept.map((order) => order.orderId)).size;
  expect(rows).toEqual([{ orders, parked: 0, dead: 0 }]);
});

test("verify says equal", async () => {
  expect((await verifyTables(installation.database.service)).differences).toEqual([]);
});

test("replay from the first record says equal, and its tables in their place count the same", async () => {
  const { ownerUrl, eventLog, database } = installation;
  const replayed = await replayLedger({ ownerUrl, eventLog, swap: true });
  expect(replayed.tables.filter((table) => !table.equal)).toEqual([]);
  expect(replayed).toMatchObject({ equal: true, swapped: true, deadLetters: 0 });
  expect(await verifyTables(database.service)).toMatchObject({ equal: true });
  expect(await differences("rollup_15m")).toEqual([]);
});

function differences(tier: (typeof tiers)[number]): Promise<string[]> {
  return rollupDifferences(installation.database.service, tier, stores, expected);
}

/** All deliveries in the order of arrival, and among them some that no till should send. */
function* drawDeliveries(): Generator<{ order: unknown; isGood: boolean }> {
  const dice = makeDice(seed);
  const fromMs = Date.parse(fromDate);
  const toMs = Date.parse(addDays(fromDate, days)) + DAY_MS / 2;
  const scenario = { seed, accountId: "eight-weeks", trouble: heavyTrouble };
  for (const { order } of deliveriesOf({ stores, scenario, fromMs, toMs })) {
    yield { order, isGood: true };
    if (dice.chance(0.01)) yield { order: spoilOrder(order, dice), isGood: false };
  }
}

/** Pushes in batches, some at the same time and some as history, so that versions overtake each other. */
async function pushAll(
  ingest: Ingest,
  deliveries: readonly { order: unknown; isGood: boolean }[],
): Promise<void> {
  const dice = makeDice(seed + 1);
  let next = 0;
  const push = async () => {
    while (next < deliveries.length) {
      const batch = deliveries.slice(next, next + batchMaxCount);
      next += batch.length;
      const orders = batch.map(({ order }) => order);
      count(await ingest.accept({ tenantId, storeIds: null, orders, isHistory: dice.chance(0.3) }));
      kept.push(
        ...batch.filter(({ isGood }) => isGood).map(({ order }) => order as OrderPushInput),
      );
    }
  };
  sum.sent += deliveries.length;
  await Promise.all(Array.from({ length: pushesAtOnce }, push));
}

function count({ accepted, duplicates, parked, rejected }: OrderPushResponse): void {
  sum.accepted += accepted;
  sum.duplicates += duplicates;
  sum.parked += parked;
  sum.rejected += rejected;
}

async function mapLocation(storeId: string | null): Promise<void> {
  await installation.database.service.query(
    "update feed set store_id = $1, mapping_revision = mapping_revision + 1 where location_id = $2",
    [storeId, unmapped],
  );
}
