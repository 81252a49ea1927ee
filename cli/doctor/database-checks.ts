import { readdir } from "node:fs/promises";
import {
  assertChunksClosed,
  databaseSchema,
  migrationFolder,
  shapeMark,
} from "@tillcast/core/database";
import type { ClientBase } from "pg";
import { type Check, failed, notice, ok } from "./check.ts";

const selectTier = `
  select current_setting('server_version') as version,
    (select extversion from pg_extension where extname = 'timescaledb') as timescale,
    current_setting('timescaledb.license', true) as license`;

/** The tier that the tables were made for; absent before the migration that writes it down. */
const selectRecordedTier = `select tier from ${databaseSchema}.storage_tier`;

/** Every table with a tenant in it, by whether its owner too is bound by its policies. */
const selectUnforced = `
  select table_class.relname as name,
    table_class.relrowsecurity and table_class.relforcerowsecurity
      and exists (select from pg_policy where polrelid = table_class.oid) as forced
  from pg_class as table_class
  join pg_attribute as tenant on tenant.attrelid = table_class.oid and tenant.attname = 'tenant_id'
  where table_class.relnamespace = to_regnamespace($1) and table_class.relkind in ('r', 'p')
  order by table_class.relname`;

/** The column came after the table. */
const selectApplied = `
  select name, coalesce((to_jsonb(migration) ->> 'is_breaking')::boolean, false) as breaking
  from ${databaseSchema}.migration where name <> '${shapeMark}' order by name`;

const selectStrongRoles = `
  select rolname from pg_roles
  where rolname in ('tillcast_service', 'tillcast_tenant') and (rolsuper or rolbypassrls)`;

/** The database as its owner sees it: tier, migrations, row security. */
export async function checkDatabase(owner: ClientBase): Promise<Check[]> {
  return [await checkTier(owner), await checkMigrations(owner), await checkRowSecurity(owner)];
}

async function checkTier(owner: ClientBase): Promise<Check> {
  const { rows } = await owner.query<{
    version: string;
    timescale: string | null;
    license: string | null;
  }>(selectTier);
  const { version = "unknown", timescale = null, license = null } = rows[0] ?? {};
  const edition = license === "timescale" ? "Community" : "Apache";
  const tier = timescale === null ? "plain" : `TimescaleDB ${timescale} ${edition}`;
  const name = "database";
  const detail = `PostgreSQL ${version}, tier: ${tier}`;
  const isPlain = (await recordedTier(owner)) === "plain";
  return isPlain && timescale !== null
    ? notice(name, `${detail}, made before it was there: plain tables; see docs/timescaledb.md`)
    : ok(name, detail);
}

async function recordedTier(owner: ClientBase): Promise<string | undefined> {
  const { rows } = await owner.query<{ present: boolean }>(
    "select to_regclass($1) is not null as present",
    [`${databaseSchema}.storage_tier`],
  );
  if (rows[0]?.present !== true) return undefined;
  return (await owner.query<{ tier: string }>(selectRecordedTier)).rows[0]?.tier;
}

async function checkMigrations(owner: ClientBase): Promise<Check> {
  const name = "migrations";
  const onDisk = (await readdir(migrationFolder)).filter((file) => file.endsWith(".sql"));
  const { rows: tables } = await owner.query<{ present: boolean }>(
    "select to_regclass($1) is not null as present",
    [`${databaseSchema}.migration`],
  );
  const applied =
    tables[0]?.present === true
      ? (await owner.query<{ name: string; breaking: boolean }>(selectApplied)).rows
      : [];
  const names = new Set(applied.map((row) => row.name));
  const missing = onDisk.filter((file) => !names.has(file)).sort();
  const unknown = applied.filter((row) => !onDisk.includes(row.name));
  if (missing.length > 0) {
    return failed(name, `not applied: ${missing.join(", ")}; npm start applies them`);
  }
  if (unknown.length > 0) {
    const said = `of a newer version: ${unknown.map((row) => row.name).join(", ")}; start that version`;
    return unknown.some((row) => row.breaking) ? failed(name, said) : notice(name, said);
  }
  return ok(name, `all ${onDisk.length} applied`);
}

async function checkRowSecurity(owner: ClientBase): Promise<Check> {
  const name = "row security";
  const { rows } = await owner.query<{ name: string; forced: boolean }>(selectUnforced, [
    databaseSchema,
  ]);
  const open = rows.filter((row) => !row.forced).map((row) => row.name);
  const { rows: strong } = await owner.query<{ rolname: string }>(selectStrongRoles);
  if (open.length > 0) return failed(name, `not forced on ${open.join(", ")}`);
  if (strong.length > 0) {
    return failed(name, `bypassed by ${strong.map((role) => role.rolname).join(", ")}`);
  }
  const reachable = await assertChunksClosed(owner).catch((error: Error) => error.message);
  if (reachable !== undefined) return failed(name, reachable);
  return rows.length === 0
    ? failed(name, "there is no tenant table")
    : ok(name, `forced on all ${rows.length} tenant tables`);
}
