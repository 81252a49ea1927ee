import { chmodSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import {
  type Database,
  type EventLog,
  type Logger,
  type Metrics,
  makeLogger,
  makeMetrics,
  migrate,
  openDatabase,
  openPostgresLog,
  type Scope,
  startEmbeddedPostgres,
} from "@tillcast/core";
import { topics } from "@tillcast/schemas";
import pg from "pg";

/** An embedded installation of a bench's own, with the product's durability settings. */
export interface BenchInstallation {
  readonly url: string;
  readonly database: Database;
  readonly eventLog: EventLog;
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly postmasterPid: number;
}

const migrations = fileURLToPath(new URL("../../schemas/migrations/", import.meta.url));

/** Opens one on an empty folder that goes with the scope. */
export async function openBenchInstallation(scope: Scope): Promise<BenchInstallation> {
  const dataDir = mkdtempSync(join(tmpdir(), "tillcast-bench-"));
  chmodSync(dataDir, 0o755);
  scope.defer(() => rmSync(dataDir, { recursive: true, force: true }));
  const log = makeLogger({ level: "error", name: "bench" });
  const server = await startEmbeddedPostgres({ dataDir, log });
  scope.defer(() => server.stop());
  await migrate({ url: server.url, directory: migrations, log });
  const metrics = makeMetrics();
  const database = openDatabase({ url: server.url, applicationName: "bench" });
  scope.defer(() => database.close());
  const eventLog = await openPostgresLog({ pool: database.service, url: server.url, log, metrics });
  scope.defer(() => eventLog.close());
  await eventLog.ensureTopics(Object.values(topics));
  const postmasterPid = await postmasterOf(server.superuserUrl);
  return { url: server.url, database, eventLog, log, metrics, postmasterPid };
}

async function postmasterOf(superuserUrl: string): Promise<number> {
  const client = new pg.Client({ connectionString: superuserUrl });
  await client.connect();
  const { rows } = await client.query("select current_setting('data_directory') as directory");
  await client.end();
  return Number(readFileSync(join(rows[0].directory, "postmaster.pid"), "utf8").split("\n")[0]);
}
