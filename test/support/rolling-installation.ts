import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createApiKey } from "@tillcast/accounts";
import { makeMetrics, readSettings, type Scope, silentLogger } from "@tillcast/core";
import {
  type Database,
  migrate,
  migrationFolder,
  openDatabase,
  startEmbeddedPostgres,
} from "@tillcast/core/database";
import { openEventLog } from "@tillcast/event-log";
import type { OrderPushInput } from "@tillcast/schemas";
import {
  ensureSimulatedTenant,
  expectedTotals,
  type SimulatedStore,
  simulatedStores,
} from "@tillcast/simulator";
import { expect } from "vitest";
import { eventLogSettings } from "../../cli/event-log-settings.ts";
import { rollupDifferences, tiers } from "./compare-rollups.ts";
import { runCommand } from "./process-tree.ts";
import { freePort } from "./product.ts";
import {
  type ServiceOptions,
  type ServiceProcess,
  startServiceProcess,
} from "./service-process.ts";
import { addStore } from "./tenants.ts";
import { untilSettled } from "./until-settled.ts";

/** A database of its own with one tenant, on which processes come and go. */
export interface RollingInstallation {
  readonly stores: readonly SimulatedStore[];
  readonly accountId: string;
  /** May push and read. */
  readonly key: string;
  readonly databaseUrl: string;
  /** What every process on it is started with. */
  readonly options: ServiceOptions;
  /** Starts a process that ends with the scope at the latest. */
  start(name: string, options?: Partial<ServiceOptions>): Promise<ServiceProcess>;
  /** Runs one command with this tree's sources, and answers what it says. */
  run(args: readonly string[]): Promise<Record<string, unknown>>;
  /** Waits until all is settled; then every total is that of the orders, and `verify` says equal. */
  expectCounted(orders: readonly OrderPushInput[]): Promise<void>;
}

const tenantId = "0de10000-0000-4000-8000-0000000000d1";
const accountId = "rolling";

/** The tenant and its stores with the columns that every release has. */
async function addStoresOfBefore(
  service: Database["service"],
  stores: readonly SimulatedStore[],
): Promise<void> {
  await service.query("insert into tenant (tenant_id, name) values ($1, 'Rolling')", [tenantId]);
  for (const store of stores) {
    await addStore(service, tenantId, store);
    await service.query(
      `insert into feed (tenant_id, source, account_id, location_id, store_id)
       values ($1, 'simulator', $2, $3, $4)`,
      [tenantId, accountId, store.key, store.storeId],
    );
  }
}

export interface RollingOptions {
  /** The migrations of the release that is to run first; this one's when absent. */
  readonly migrations?: string;
  /** Where the event log lies; in the database when absent. */
  readonly logEnvironment?: Readonly<Record<string, string>>;
}

/** Opens an installation without any process. */
export async function openRollingInstallation(
  scope: Scope,
  { migrations: directory = migrationFolder, logEnvironment = {} }: RollingOptions = {},
): Promise<RollingInstallation> {
  const folder = await mkdtemp(join(tmpdir(), "tillcast-rolling-"));
  scope.defer(() => rm(folder, { recursive: true, force: true }));
  const server = await startEmbeddedPostgres({
    dataDir: join(folder, "db"),
    log: silentLogger,
    // Two releases side by side.
    settings: { max_connections: "300" },
  });
  scope.defer(() => server.stop());
  const url = server.url;
  await migrate({ url, directory, log: silentLogger });
  const database = openDatabase({ url, applicationName: "test" });
  scope.defer(() => database.close());
  const stores = simulatedStores(8);
  const tenant = { tenantId, name: "Rolling", isDemo: false, accountId, stores };
  // A release before has not all the columns that this one fills.
  if (directory === migrationFolder) await ensureSimulatedTenant(database.service, tenant);
  else await addStoresOfBefore(database.service, stores);
  const scopes = ["orders:write", "sales:read"] as const;
  const { key } = await createApiKey(database.service, { tenantId, scopes });
  const options: ServiceOptions = {
    dataDir: join(folder, "data"),
    env: {
      DATABASE_URL: url,
      TILLCAST_SECRET_KEY: "00".repeat(32),
      TILLCAST_DRAIN_MS: "1000",
      ...logEnvironment,
    },
  };
  return {
    stores,
    accountId,
    key,
    databaseUrl: url,
    options,
    async start(name, further = {}) {
      const started = await startServiceProcess(name, { ...options, ...further });
      scope.defer(() => started.kill());
      return started;
    },
    async run(args) {
      return runCommand(args, { ...options, port: await freePort() });
    },
    async expectCounted(orders) {
      const eventLog = await openEventLog({
        settings: readSettings(eventLogSettings, logEnvironment),
        pool: database.service,
        url,
        applicationName: "test",
        log: silentLogger,
        metrics: makeMetrics(),
      });
      await untilSettled(eventLog).finally(() => eventLog.close());
      const expected = expectedTotals(orders, stores);
      for (const tier of tiers) {
        expect(await rollupDifferences(database.service, tier, stores, expected)).toEqual([]);
      }
      const { rows } = await database.service.query(
        "select count(*)::int as dead from dead_letter",
      );
      expect(rows).toEqual([{ dead: 0 }]);
      const verified = await runCommand(["verify"], { ...options, port: await freePort() });
      expect(verified).toMatchObject({ exitCode: 0, equal: true });
    },
  };
}
