import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import pg from "pg";
import { appError } from "../errors.ts";
import type { Logger } from "../logging.ts";
import { databaseRoles, databaseSchema } from "./pools.ts";

export interface MigrateOptions {
  /** Connects as the database's owner or a superuser. */
  readonly url: string;
  /** The folder of `<UTC yyyymmddHHMM>-<what>.sql` files. */
  readonly directory: string;
  readonly log: Logger;
}

/** Any number known to all versions; two starters settle their order by it. */
const migrationLock = 7_412_020_301;

/** A migration waits this long for a table; then it gives way to the traffic and fails cleanly. */
const lockTimeout = "5s";

const fileName = /^\d{12}-[a-z0-9-]+\.sql$/;

/** Applies missing migrations in name order, each in its own transaction; answers their names. */
export async function migrate(options: MigrateOptions): Promise<readonly string[]> {
  const client = new pg.Client({
    connectionString: options.url,
    application_name: "tillcast-migrate",
    options: `-c search_path=${databaseSchema} -c timezone=UTC`,
  });
  client.on("error", (error) => options.log.error({ err: error }, "migration connection lost"));
  await client.connect();
  try {
    await client.query("select pg_advisory_lock($1)", [migrationLock]);
    await bootstrap(client);
    const missing = await missingMigrations(client, options.directory);
    for (const name of missing) await applyMigration(client, options, name);
    return missing;
  } finally {
    await client.end();
  }
}

/** What every migration may assume: schema, roles, and the table of applied names. */
async function bootstrap(client: pg.Client): Promise<void> {
  for (const role of Object.values(databaseRoles)) await ensureRole(client, role);
  const roles = Object.values(databaseRoles).join(", ");
  await client.query(`create schema if not exists ${databaseSchema}`);
  await client.query(`grant usage on schema ${databaseSchema} to ${roles}`);
  await client.query(`
    create table if not exists ${databaseSchema}.migration (
      name text primary key,
      applied_at timestamptz not null default now()
    )`);
  await client.query(`grant select on ${databaseSchema}.migration to ${roles}`);
}

/** Roles belong to the whole server, so a starter in another database may make them at the same time. */
async function ensureRole(client: pg.Client, role: string): Promise<void> {
  const found = await client.query(
    "select rolsuper or rolbypassrls as strong from pg_roles where rolname = $1",
    [role],
  );
  if (found.rows[0]?.strong === true) {
    throw appError("migrationUnknown", { reason: `role ${role} must not bypass row security` });
  }
  if (found.rowCount === 0) {
    await ignoring(["42710", "23505"], () =>
      client.query(`create role ${role} nologin nosuperuser nobypassrls nocreatedb nocreaterole`),
    );
  }
  const member = await client.query("select pg_has_role(current_user, $1, 'set') as yes", [role]);
  // XX000 is "tuple concurrently updated": the other starter has just granted the same.
  if (member.rows[0]?.yes !== true) {
    await ignoring(["XX000", "23505"], () => client.query(`grant ${role} to current_user`));
  }
}

async function missingMigrations(client: pg.Client, directory: string): Promise<string[]> {
  const onDisk = (await readdir(directory)).filter((name) => name.endsWith(".sql")).sort();
  const misnamed = onDisk.find((name) => !fileName.test(name));
  if (misnamed !== undefined) {
    throw appError("migrationUnknown", {
      reason: `${misnamed} is not named <yyyymmddHHMM>-<what>.sql`,
    });
  }
  const rows = await client.query<{ name: string }>("select name from migration");
  const applied = new Set(rows.rows.map((row) => row.name));
  const gone = [...applied].filter((name) => !onDisk.includes(name)).sort();
  if (gone.length > 0) {
    throw appError("migrationUnknown", {
      reason: `applied here but not part of this version: ${gone.join(", ")}`,
    });
  }
  const newest = [...applied].sort().at(-1) ?? "";
  const missing = onDisk.filter((name) => !applied.has(name));
  const older = missing.filter((name) => name < newest);
  if (older.length > 0) {
    throw appError("migrationUnknown", {
      reason: `older than the newest applied (${newest}) and not applied: ${older.join(", ")}`,
    });
  }
  return missing;
}

async function applyMigration(
  client: pg.Client,
  options: MigrateOptions,
  name: string,
): Promise<void> {
  const text = await readFile(join(options.directory, name), "utf8");
  const startedMs = performance.now();
  await client.query("begin");
  try {
    await client.query(`set local lock_timeout = '${lockTimeout}'`);
    await client.query(text);
    await client.query(`insert into ${databaseSchema}.migration (name) values ($1)`, [name]);
    await client.query("commit");
  } catch (error) {
    await client.query("rollback").catch(() => undefined);
    throw new Error(`migration ${name} failed: ${(error as Error).message}`, { cause: error });
  }
  const durationMs = Math.round(performance.now() - startedMs);
  options.log.info({ migration: name, durationMs }, "migration applied");
}

async function ignoring(codes: readonly string[], work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof pg.DatabaseError) || !codes.includes(error.code ?? "")) throw error;
  }
}
