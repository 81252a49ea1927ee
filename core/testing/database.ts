import { createHash, randomBytes } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type pg from "pg";
import { migrate } from "../database/migrate.ts";
import { migrationFolder } from "../database/migration-folder.ts";
import { type Database, openDatabase } from "../database/pools.ts";
import { silentLogger } from "../logging.ts";
import { joinNamedServer, type TestServer } from "./named-server.ts";
import { joinSharedServer } from "./shared-server.ts";
import { templateName, testDatabaseName, withSuperuser } from "./test-databases.ts";

/** A database of one test file's own. */
export interface TestDatabase {
  /** Connects as the owner. */
  readonly url: string;
  /** Connects as superuser, for looking past row security and for cutting sessions. */
  readonly superuserUrl: string;
  readonly database: Database;
  /** Closes the pools and drops the database. */
  drop(): Promise<void>;
}

export interface TestDatabaseOptions {
  /** The folder of migrations; the product's own when absent, none when null. */
  readonly migrations?: string | null;
  /** A superuser's address of the server; the embedded one when null. */
  readonly serverUrl?: string | null;
}

const ownerName = "tillcast";
/** Settles who builds the template. */
const templateLock = 7_412_020_302;

/**
 * Makes a fresh, migrated database as a copy of a template: on the shared embedded server, or on the one
 * that the options or TILLCAST_TEST_SERVER_URL name, so that the same suites run on every tier of storage.
 *
 * @example
 * const test = await createTestDatabase();
 * afterAll(() => test.drop());
 */
export async function createTestDatabase(options: TestDatabaseOptions = {}): Promise<TestDatabase> {
  const { serverUrl = process.env.TILLCAST_TEST_SERVER_URL ?? null } = options;
  const server = await (serverUrl === null ? joinSharedServer() : joinNamedServer(serverUrl));
  const name = testDatabaseName(randomBytes(5).toString("hex"));
  const migrations = options.migrations === undefined ? migrationFolder : options.migrations;
  const template = migrations === null ? "template1" : await ensureTemplate(server, migrations);
  await withSuperuser(server.superuserUrl, (client) =>
    client.query(`create database ${name} template ${template} owner ${ownerName}`),
  );
  const url = onDatabase(server.url, name);
  const database = openDatabase({ url, applicationName: "tillcast-test" });
  return {
    url,
    superuserUrl: onDatabase(server.superuserUrl, name),
    database,
    async drop() {
      await database.close();
      await withSuperuser(server.superuserUrl, (client) =>
        client.query(`drop database if exists ${name} with (force)`),
      );
    },
  };
}

async function ensureTemplate(server: TestServer, migrations: string): Promise<string> {
  const template = templateName(await digestOf(migrations));
  await withSuperuser(server.superuserUrl, async (client) => {
    if (await databaseExists(client, template)) return;
    await client.query("select pg_advisory_lock($1)", [templateLock]);
    if (await databaseExists(client, template)) return;
    // The final name appears only when the template is whole.
    const draft = `${template}_draft`;
    await client.query(`drop database if exists ${draft} with (force)`);
    await client.query(`create database ${draft} owner ${ownerName}`);
    await migrate({
      url: onDatabase(server.url, draft),
      directory: migrations,
      log: silentLogger,
    });
    await withSuperuser(onDatabase(server.superuserUrl, draft), stopBackgroundWorkers);
    await client.query(`alter database ${draft} rename to ${template}`);
    await client.query(`alter database ${template} allow_connections false`);
  });
  return template;
}

/** TimescaleDB's scheduler sits in each open database, and nobody copies one that somebody sits in. */
async function stopBackgroundWorkers(client: pg.Client): Promise<void> {
  const found = await client.query("select 1 from pg_extension where extname = 'timescaledb'");
  if (found.rowCount === 0) return;
  await client.query("select _timescaledb_functions.stop_background_workers()");
}

async function databaseExists(client: pg.Client, name: string): Promise<boolean> {
  const found = await client.query("select 1 from pg_database where datname = $1", [name]);
  return found.rowCount === 1;
}

async function digestOf(directory: string): Promise<string> {
  const hash = createHash("sha256");
  for (const name of (await readdir(directory)).sort()) {
    hash.update(name).update(await readFile(join(directory, name)));
  }
  return hash.digest("hex").slice(0, 16);
}

function onDatabase(url: string, name: string): string {
  const changed = new URL(url);
  changed.pathname = `/${name}`;
  return changed.href;
}
