import type { Scope } from "@tillcast/core";
import type { Ingest } from "@tillcast/ingest";
import { addDays, DAY_MS, type OrderPushInput } from "@tillcast/schemas";
import {
  deliveriesOf,
  type ExpectedTotal,
  ensureSimulatedTenant,
  expectedTotals,
  heavyTrouble,
  storeProfiles,
} from "@tillcast/simulator";
import type { Pool } from "pg";
import { rollupDifferences, tiers } from "./compare-rollups.ts";
import { openTestInstallation, type TestInstallation } from "./open-installation.ts";
import { startIntake } from "./pipeline.ts";

/** Simulated stores with every kind of trouble, told to the real intake in parts. */
export interface SimulatedTrade {
  readonly installation: TestInstallation;
  /** Sends the deliveries from one share of them to another, 0 to 1, to this installation or to another. */
  push(from: number, to: number, ingest?: Ingest): Promise<void>;
  /** Rows of all tiers that differ from what the simulator expects of everything sent so far. */
  differences(pool?: Pool): Promise<string[]>;
  /** Orders sent so far, each counted once. */
  orders(): number;
}

const tenantId = "0de10000-0000-4000-8000-0000000000e2";
const fromDate = "2026-03-28";
const batchMaxCount = 200;

/** Opens an installation with simulated stores; nothing is settled before processors are started. */
export async function openSimulatedTrade(
  scope: Scope,
  { seed, days, busyness }: { seed: number; days: number; busyness: number },
): Promise<SimulatedTrade> {
  const installation = await openTestInstallation(scope);
  const stores = storeProfiles.map((store) => ({
    ...store,
    ticketsPerDay: store.ticketsPerDay * busyness,
  }));
  const accountId = "trade";
  const tenant = { tenantId, name: "Trade", isDemo: false, accountId };
  await ensureSimulatedTenant(installation.database.service, { ...tenant, stores });
  const ownIngest = await startIntake(scope, installation);
  const deliveries = [
    ...deliveriesOf({
      stores,
      scenario: { seed, accountId, trouble: heavyTrouble },
      fromMs: Date.parse(fromDate),
      toMs: Date.parse(addDays(fromDate, days)) + DAY_MS / 2,
    }),
  ].map(({ order }) => order);
  const sent: OrderPushInput[] = [];
  return {
    installation,
    async push(from, to, ingest = ownIngest) {
      const last = Math.round(to * deliveries.length);
      for (let next = Math.round(from * deliveries.length); next < last; next += batchMaxCount) {
        const orders = deliveries.slice(next, Math.min(next + batchMaxCount, last));
        const isHistory = next % (3 * batchMaxCount) === 0;
        const answer = await ingest.accept({ tenantId, storeIds: null, orders, isHistory });
        if (answer.rejected + answer.parked > 0) throw new Error(JSON.stringify(answer));
        sent.push(...orders);
      }
    },
    async differences(pool = installation.database.service) {
      const expected: readonly ExpectedTotal[] = expectedTotals(sent, stores);
      const found = [];
      for (const tier of tiers) {
        found.push(...(await rollupDifferences(pool, tier, stores, expected)));
      }
      return found;
    },
    orders: () => new Set(sent.map((order) => order.orderId)).size,
  };
}
