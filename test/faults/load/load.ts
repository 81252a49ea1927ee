import { setTimeout as pause } from "node:timers/promises";
import { topics } from "@tillcast/schemas";
import { ensureSimulatedTenant } from "@tillcast/simulator";
import { makeStoreLookup, type StoreLookup } from "../../../ingest/places/store-lookup.ts";
import type { Dice } from "../../support/dice.ts";
import type { World } from "../world/world.ts";
import { appendUntilDurable, forgedKeys, recordsInManyPartitions } from "./direct-appends.ts";
import { poisonRecord } from "./poison.ts";
import { accountId, type Slice, stores, tenantId } from "./slice.ts";
import type { Till } from "./till.ts";

/** A slice under way. */
export interface Sending {
  /** Share of the pictures that are acknowledged, from 0 to 1. */
  taken(): number;
  /** Resolves when everything is acknowledged, refused or durable, as it should be. */
  readonly done: Promise<void>;
}

const pace = { batchMaxCount: 12, sendersCount: 3, pauseMs: 150 };
const retryPauseMs = 300;

/** Makes the tenant with its stores. */
export async function makeTenant(world: World): Promise<void> {
  const tenant = { tenantId, name: "Faults", isDemo: false, accountId, stores };
  await ensureSimulatedTenant(world.database.service, tenant);
}

/** Begins to send a slice. */
export function sendSlice(world: World, till: Till, slice: Slice, dice: Dice): Sending {
  let taken = 0;
  const share = () => taken / slice.pictures.length;
  const known = makeStoreLookup(world.database);
  const done = Promise.all([
    till.send(slice.pictures, {
      ...pace,
      onTaken: (count) => {
        taken += count;
      },
    }),
    till.send(slice.orphans, { ...pace, sendersCount: 1 }),
    till.sendSpoiled(slice.spoiled),
    appendDirectly(world, known, slice, dice),
    makeLateStoreKnown(world, slice, () => share() > 0.5),
  ]).then(() => undefined);
  // Whoever waits for it hears of a fault; until then it is no unhandled one.
  done.catch(() => undefined);
  return { taken: share, done };
}

/** Poison comes among the orders of every partition, and shared orders in several at the same time. */
async function appendDirectly(
  world: World,
  known: StoreLookup,
  slice: Slice,
  dice: Dice,
): Promise<void> {
  const keys = forgedKeys(topics.orders.partitions);
  for (const [at, text] of slice.poison.entries()) {
    const poison = await untilItWorks(() => poisonRecord(world, text, at));
    await appendUntilDurable(world.eventLog, [{ ...poison, key: dice.pick(keys) }]);
    await pause(dice.int(50, 300));
  }
  for (const order of slice.shared) {
    const records = await untilItWorks(() =>
      recordsInManyPartitions(known, tenantId, order, topics.orders.partitions),
    );
    await appendUntilDurable(world.eventLog, records);
    await pause(dice.int(20, 100));
  }
}

async function makeLateStoreKnown(
  world: World,
  { lateStore }: Slice,
  isDue: () => boolean,
): Promise<void> {
  while (!isDue()) await pause(retryPauseMs);
  const { service } = world.database;
  const tenant = { tenantId, name: "Faults", isDemo: false, accountId, stores: [lateStore] };
  await untilItWorks(() => ensureSimulatedTenant(service, tenant));
  const feed = [lateStore.storeId, tenantId, accountId, lateStore.key];
  await untilItWorks(() => service.query(mapFeed, feed));
}

/** The intake has written its feed down already, without a store. */
const mapFeed = `
  update feed
  set store_id = $1, mapping_revision = mapping_revision + 1
  where tenant_id = $2 and account_id = $3 and location_id = $4 and store_id is null`;

const triesMax = 400;

/** The run's own statements meet the same faults. */
export async function untilItWorks<Result>(work: () => Promise<Result>): Promise<Result> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await work();
    } catch (error) {
      if (tries === triesMax) throw error;
      await pause(retryPauseMs);
    }
  }
}
