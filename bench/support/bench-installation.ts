import { env } from "node:process";
import {
  type Logger,
  type Metrics,
  makeLogger,
  makeMetrics,
  readSettings,
  type Scope,
} from "@tillcast/core";
import { type Database, migrate, migrationFolder, openDatabase } from "@tillcast/core/database";
import { type EventLog, openEventLog } from "@tillcast/event-log";
import { topics } from "@tillcast/schemas";
import { eventLogSettings } from "../../cli/event-log-settings.ts";
import { type BenchServers, startServers } from "./start-servers.ts";
import { askedWorld, type World } from "./world.ts";

/** An installation of a bench's own, with the product's durability settings. */
export interface BenchInstallation extends BenchServers {
  readonly database: Database;
  readonly eventLog: EventLog;
  readonly log: Logger;
  readonly metrics: Metrics;
}

/** Opens one on empty folders that go with the scope; on the world that the command line asks for. */
export async function openBenchInstallation(
  scope: Scope,
  world: World = askedWorld(),
): Promise<BenchInstallation> {
  const log = makeLogger({ level: "error", name: "bench" });
  const servers = await startServers(scope, world, log);
  await migrate({ url: servers.url, directory: migrationFolder, log });
  const joined = await joinInstallation(scope, { ...servers, log });
  await joined.eventLog.ensureTopics(Object.values(topics));
  return { ...servers, ...joined, log };
}

/** Opens database and event log of servers that run; what a bench's child processes begin with. */
export async function joinInstallation(
  scope: Scope,
  servers: Pick<BenchServers, "url" | "env"> & { readonly log: Logger },
): Promise<Pick<BenchInstallation, "database" | "eventLog" | "metrics">> {
  const { url, log } = servers;
  const metrics = makeMetrics();
  const database = openDatabase({ url, applicationName: "bench" });
  scope.defer(() => database.close());
  const eventLog = await openEventLog({
    settings: readSettings(eventLogSettings, { ...env, ...servers.env }),
    pool: database.service,
    url,
    log,
    metrics,
    applicationName: "bench",
  });
  scope.defer(() => eventLog.close());
  return { database, eventLog, metrics };
}
