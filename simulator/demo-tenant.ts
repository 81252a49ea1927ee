import { type Database, inTransaction, type Transaction } from "@tillcast/core/database";
import { demoStores } from "./demo-stores.ts";
import type { OpeningHours } from "./store-profile.ts";

/** The tenant whose stores trade without anyone selling anything; its ids never change. */
export const demoTenant: { readonly tenantId: string; readonly name: string } = {
  tenantId: "0de10000-0000-4000-8000-000000000001",
  name: "Tillcast demo",
};

/** The vendor account that simulated stores belong to where nobody says otherwise. */
export const simulatorAccountId = "demo";

/** What has to be known of a store before its orders can be counted. */
export interface SimulatedStore {
  /** Its `locationId` in the feed. */
  readonly key: string;
  readonly storeId: string;
  readonly name: string;
  readonly country?: string;
  readonly timeZone: string;
  readonly currency: string;
  readonly closeoutMinute: number;
  /** Seven entries, Monday first. */
  readonly openingHours?: readonly OpeningHours[];
}

export interface SimulatedTenant {
  readonly tenantId: string;
  readonly name: string;
  readonly isDemo: boolean;
  readonly accountId: string;
  readonly stores: readonly SimulatedStore[];
}

/** Sees to it that the demo tenant, its stores and their feeds exist; changes nothing that does. */
export function ensureDemoTenant(service: Database["service"]): Promise<void> {
  return ensureSimulatedTenant(service, {
    ...demoTenant,
    isDemo: true,
    accountId: simulatorAccountId,
    stores: demoStores,
  });
}

/** The same for any tenant with simulated stores, as tests and benches need them. */
export function ensureSimulatedTenant(
  service: Database["service"],
  tenant: SimulatedTenant,
): Promise<void> {
  return inTransaction(service, async (tx) => {
    await tx.query(insertTenant, [tenant.tenantId, tenant.name, tenant.isDemo]);
    for (const store of tenant.stores) await ensureStore(tx, tenant, store);
  });
}

async function ensureStore(
  tx: Transaction,
  { tenantId, accountId }: SimulatedTenant,
  store: SimulatedStore,
): Promise<void> {
  await tx.query(insertStore, [
    store.storeId,
    tenantId,
    store.name,
    store.timeZone,
    store.currency,
    store.country ?? null,
    store.openingHours === undefined ? null : JSON.stringify(hoursRows(store.openingHours)),
  ]);
  await tx.query(insertCloseout, [store.storeId, tenantId, store.closeoutMinute]);
  await tx.query(insertFeed, [tenantId, accountId, store.key, store.storeId]);
}

function hoursRows(hours: readonly OpeningHours[]): { day: number; open: string; close: string }[] {
  return hours.map(({ openMinute, closeMinute }, at) => ({
    day: at + 1,
    open: wallTime(openMinute),
    close: wallTime(closeMinute),
  }));
}

/** `HH:MM`; a close past midnight is written as the next morning's time. */
function wallTime(minute: number): string {
  const hours = Math.floor(minute / 60) % 24;
  return `${String(hours).padStart(2, "0")}:${String(minute % 60).padStart(2, "0")}`;
}

const insertTenant = `
  insert into tenant (tenant_id, name, is_demo)
  values ($1, $2, $3)
  on conflict do nothing`;

const insertStore = `
  insert into store (store_id, tenant_id, name, time_zone, currency, country, opening_hours)
  values ($1, $2, $3, $4, $5, $6, $7)
  on conflict do nothing`;

const insertCloseout = `
  insert into store_closeout (store_id, tenant_id, effective_from, closeout_minute)
  values ($1, $2, '2000-01-01', $3)
  on conflict do nothing`;

const insertFeed = `
  insert into feed (tenant_id, source, account_id, location_id, store_id, expects_heartbeat,
    numbering, numbering_from)
  values ($1, 'simulator', $2, $3, $4, true, 'unique', 'vendor')
  on conflict do nothing`;
