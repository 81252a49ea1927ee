import { randomUUID } from "node:crypto";
import { requireTenant } from "@tillcast/accounts";
import type { Database } from "@tillcast/core/database";
import { addDays, localDateOf, type OrderPushInput } from "@tillcast/schemas";
import {
  deliverHistory,
  demoStores,
  edgeStores,
  ensureSimulatedTenant,
  heavyTrouble,
  noTrouble,
  type StoreProfile,
  simulatorAccountId,
  type Trouble,
  usualTrouble,
} from "@tillcast/simulator";
import type { ActionResult } from "../run-action.ts";
import type { ChangeContext } from "../run-change.ts";
import { keepCounting, waitUntilCounted } from "./counting.ts";
import { openInstallation } from "./installation.ts";
import { openIntake } from "./intake.ts";

export interface SimulateOptions {
  readonly weeks: number;
  readonly seed: number;
  readonly trouble: "none" | "usual" | "heavy";
  readonly stores: "demo" | "edge" | "all";
  readonly tenant?: string;
  readonly tenantName?: string;
}

const troubles: Readonly<Record<SimulateOptions["trouble"], Trouble>> = {
  none: noTrouble,
  usual: usualTrouble,
  heavy: heavyTrouble,
};

const storeSets: Readonly<Record<SimulateOptions["stores"], readonly StoreProfile[]>> = {
  demo: demoStores,
  edge: edgeStores,
  all: [...demoStores, ...edgeStores],
};

/** Delivering takes longer than waiting for what is still uncounted after it. */
const deliveryShare = 0.8;

/** What became of the deliveries. */
interface Tally {
  /** Deliveries: an order comes once for every version, and again where trouble doubles it. */
  orders: number;
  accepted: number;
  duplicates: number;
  rejected: number;
  parked: number;
}

/** Lets stores of one tenant trade for weeks of the past; resolves when all of it is counted. */
export async function simulate(
  options: SimulateOptions,
  { scope, log, progress, signal, asked }: ChangeContext,
): Promise<ActionResult> {
  const installation = await openInstallation({ scope, log, role: "command" });
  const { database, clock, eventLog } = installation;
  if (options.tenant !== undefined) await requireTenant(database.service, options.tenant);
  const tenantId = options.tenant ?? randomUUID();
  await asked(database.service, { tenantId, subject: tenantId, detail: { ...options } });
  const stores = await placeStores(database, tenantId, storeSets[options.stores]);
  await ensureSimulatedTenant(database.service, {
    tenantId,
    name: options.tenantName ?? `Simulated ${options.seed}`,
    isDemo: false,
    accountId: simulatorAccountId,
    stores,
  });
  await keepCounting(scope, installation);
  const intake = await openIntake(scope, installation);
  const tally: Tally = { orders: 0, accepted: 0, duplicates: 0, rejected: 0, parked: 0 };
  const untilMs = clock.now();
  const today = localDateOf(untilMs, "UTC");
  await deliverHistory({
    stores,
    scenario: {
      seed: options.seed,
      accountId: simulatorAccountId,
      trouble: troubles[options.trouble],
    },
    fromDate: addDays(today, -7 * options.weeks),
    // A tomorrow by UTC is a today in the east.
    toDate: addDays(today, 1),
    untilMs,
    // Changes no sum of the past, and takes every order through one more life.
    openPictures: options.trouble === "heavy",
    signal,
    deliver: async (orders: OrderPushInput[]) => {
      const answer = await intake.accept({ tenantId, storeIds: null, orders, isHistory: true });
      tally.orders += orders.length;
      for (const count of ["accepted", "duplicates", "rejected", "parked"] as const)
        tally[count] += answer[count];
    },
    onDayDone: ({ fraction, businessDate, delivered }) =>
      progress.update(deliveryShare * fraction, `${delivered} orders, ${businessDate}`),
  });
  await waitUntilCounted(eventLog, {
    signal,
    onProgress: (share) =>
      progress.update(deliveryShare + (1 - deliveryShare) * share, "counting what was accepted"),
  });
  const { orders, accepted, duplicates, rejected, parked } = tally;
  return {
    ok: rejected === 0 && parked === 0,
    result: { tenantId, ...tally },
    text: `Tenant ${tenantId}: ${orders} deliveries of ${stores.length} stores, ${accepted} accepted and counted, ${duplicates} duplicates, ${rejected} rejected, ${parked} parked.`,
  };
}

const selectPlaced = `
  select location_id, store_id from feed
  where tenant_id = $1 and source = 'simulator' and account_id = $2 and store_id is not null`;

/** Gives the profiles the tenant's own stores: those that an earlier run made, or new ones. */
async function placeStores(
  { service }: Database,
  tenantId: string,
  profiles: readonly StoreProfile[],
): Promise<StoreProfile[]> {
  const { rows } = await service.query<{ location_id: string; store_id: string }>(selectPlaced, [
    tenantId,
    simulatorAccountId,
  ]);
  const placed = new Map(rows.map((row) => [row.location_id, row.store_id]));
  return profiles.map((profile) => ({
    ...profile,
    storeId: placed.get(profile.key) ?? randomUUID(),
  }));
}
