import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import pg from "pg";
import { appError } from "../errors.ts";
import type { Logger } from "../logging.ts";
import { closeChunks } from "./chunks.ts";
import { connectClient } from "./held-connection.ts";
import { withPatience } from "./lock-patience.ts";
import { databaseRoles, databaseSchema } from "./pools.ts";
import { plainSessionName, shapeMark } from "./written-shape.ts";

export interface MigrateOptions {
  /** Connects as the database's owner or a superuser. */
  readonly url: string;
  /** The folder of `<UTC yyyymmddHHMM>-<what>.sql` files. */
  readonly directory: string;
  readonly log: Logger;
}

/** Any number known to all versions; two starters settle their order by it. */
export const migrationLock = 7_412_020_301;

/** A line of a file that the release before cannot work beside. */
const breakingMark = /^--! breaking\b/m;

const fileName = /^\d{12}-[a-z0-9-]+\.sql$/;

/**
 * Applies missing migrations in name order, each in its own transaction; answers their names. The first of
 * several starters does, and the others wait for it. Each closes the tables' chunks to tenants.
 *
 * A migration adds to what was there, so that processes of the release before go on working beside it, and
 * may even start again: what is applied here and unknown to them is newer than anything they know. One that
 * cannot be so begins with `--! breaking`: it is applied only where no other process works on the database,
 * and older releases refuse to start on it from then on.
 *
 * One that waits for a lock gives way to the traffic and tries again; after a minute it raises
 * `migrationBlocked` and leaves nothing behind.
 */
export async function migrate(options: MigrateOptions): Promise<readonly string[]> {
  const client = await connectClient({
    connectionString: options.url,
    application_name: "tillcast-migrate",
    options: `-c search_path=${databaseSchema} -c timezone=UTC`,
  });
  try {
    await client.query("select pg_advisory_lock($1)", [migrationLock]);
    await bootstrap(client);
    const missing = await missingMigrations(client, options);
    for (const name of missing) await applyMigration(client, options, name);
    await closeChunks(client);
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
  await ensureBreakingColumn(client);
  await client.query(`grant select on ${databaseSchema}.migration to ${roles}`);
}

/** Asked first: even a column that is there already would wait for whoever reads the table. */
async function ensureBreakingColumn(client: pg.Client): Promise<void> {
  const found = await client.query(
    `select from pg_attribute
     where attrelid = '${databaseSchema}.migration'::regclass and attname = 'is_breaking'`,
  );
  if (found.rowCount === 1) return;
  await client.query(
    `alter table ${databaseSchema}.migration add column is_breaking boolean not null default false`,
  );
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

async function missingMigrations(
  client: pg.Client,
  { directory, log }: MigrateOptions,
): Promise<string[]> {
  const onDisk = (await readdir(directory)).filter((name) => name.endsWith(".sql")).sort();
  const misnamed = onDisk.find((name) => !fileName.test(name));
  if (misnamed !== undefined) {
    throw appError("migrationUnknown", {
      reason: `${misnamed} is not named <yyyymmddHHMM>-<what>.sql`,
    });
  }
  const { rows } = await client.query<{ name: string; is_breaking: boolean }>(
    "select name, is_breaking from migration order by name",
  );
  const migrations = rows.filter((row) => row.name !== shapeMark);
  const applied = new Set(migrations.map((row) => row.name));
  const unknown = migrations.filter((row) => !onDisk.includes(row.name));
  const newestHere = onDisk.at(-1) ?? "";
  const gone = unknown.filter((row) => row.is_breaking || row.name < newestHere);
  if (gone.length > 0) {
    throw appError("migrationUnknown", {
      reason: `applied here but not part of this version: ${gone.map((row) => row.name).join(", ")}`,
    });
  }
  if (unknown.length > 0) {
    const names = unknown.map((row) => row.name);
    log.warn(
      { migrations: names },
      "the database is of a newer version, which this one gets on with",
    );
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

/** The names that services and commands have in `pg_stat_activity`. */
const selectAtWork = `
  select distinct application_name as name from pg_stat_activity
  where datname = current_database() and pid <> pg_backend_pid()
    and starts_with(application_name, 'tillcast ')
  order by name`;

async function assertAlone(client: pg.Client, migration: string): Promise<void> {
  const { rows } = await client.query<{ name: string }>(selectAtWork);
  if (rows.length === 0) return;
  const names = rows.map((row) => plainSessionName(row.name)).join(", ");
  throw appError("migrationUnknown", {
    reason: `${migration} changes what processes of the older release rely on; stop them first (at work: ${names})`,
  });
}

async function applyMigration(
  client: pg.Client,
  options: MigrateOptions,
  name: string,
): Promise<void> {
  const text = await readFile(join(options.directory, name), "utf8");
  const isBreaking = breakingMark.test(text);
  if (isBreaking) await assertAlone(client, name);
  const startedMs = performance.now();
  await withPatience(client, name, async () => {
    await client.query(text);
    await client.query(
      `insert into ${databaseSchema}.migration (name, is_breaking) values ($1, $2)`,
      [name, isBreaking],
    );
  });
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

/** Names of the migrations that a database has, in order. */
export async function loadMigrationNames(db: Pick<pg.ClientBase, "query">): Promise<string[]> {
  const { rows } = await db.query<{ name: string }>(
    `select name from ${databaseSchema}.migration where name <> '${shapeMark}' order by name`,
  );
  return rows.map(({ name }) => name);
}
