import { chmodSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Logger, Scope } from "@tillcast/core";
import { startEmbeddedPostgres } from "@tillcast/core/database";
import pg from "pg";
import { startKafka } from "../../test/stack/start-kafka.ts";
import { startRegistry } from "../../test/stack/start-registry.ts";
import { startTimescale } from "../../test/stack/start-timescale.ts";
import type { ServerPids } from "./cpu-time.ts";
import type { World } from "./world.ts";

/** The servers of one world, by the settings that name them. */
export interface BenchServers {
  /** Settings by which the product's processes find them. */
  readonly env: Readonly<Record<string, string>>;
  /** The database as its owner. */
  readonly url: string;
  readonly pids: ServerPids;
}

/** As the embedded server is set: the disk is waited for, and memory is the same. */
const timescaleFlags = [
  ...["-c", "shared_buffers=256MB", "-c", "max_wal_size=4GB", "-c", "checkpoint_timeout=15min"],
  ...["-c", "jit=off", "-c", "max_connections=100"],
];

/** Starts the servers of a world on empty folders; the scope stops them. */
export async function startServers(scope: Scope, world: World, log: Logger): Promise<BenchServers> {
  return world === "embedded" ? startEmbedded(scope, log) : startStack(scope);
}

async function startEmbedded(scope: Scope, log: Logger): Promise<BenchServers> {
  const dataDir = mkdtempSync(join(tmpdir(), "tillcast-bench-"));
  chmodSync(dataDir, 0o755);
  scope.defer(() => rmSync(dataDir, { recursive: true, force: true }));
  const { url, superuserUrl, stop } = await startEmbeddedPostgres({ dataDir, log });
  scope.defer(stop);
  return {
    env: { EVENT_LOG: "postgres" },
    url,
    pids: { database: await postmasterOf(superuserUrl) },
  };
}

async function startStack(scope: Scope): Promise<BenchServers> {
  const kafka = await startKafka();
  scope.defer(kafka.stop);
  const registry = await startRegistry({ brokers: kafka.brokers });
  scope.defer(registry.stop);
  const timescale = await startTimescale({ flags: timescaleFlags });
  scope.defer(timescale.stop);
  return {
    env: {
      EVENT_LOG: "kafka",
      KAFKA_BROKERS: kafka.brokers,
      SCHEMA_REGISTRY_URL: registry.url,
    },
    url: await makeDatabase(timescale.url),
    pids: { database: timescale.pid, broker: kafka.pid },
  };
}

async function makeDatabase(superuserUrl: string): Promise<string> {
  const client = new pg.Client({ connectionString: superuserUrl });
  await client.connect();
  await client.query("create database tillcast");
  await client.end();
  return Object.assign(new URL(superuserUrl), { pathname: "/tillcast" }).href;
}

async function postmasterOf(superuserUrl: string): Promise<number> {
  const client = new pg.Client({ connectionString: superuserUrl });
  await client.connect();
  const { rows } = await client.query("select current_setting('data_directory') as directory");
  await client.end();
  return Number(readFileSync(join(rows[0].directory, "postmaster.pid"), "utf8").split("\n")[0]);
}
