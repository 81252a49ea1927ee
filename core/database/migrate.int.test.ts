import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { silentLogger as log } from "../logging.ts";
import { createTestDatabase, type TestDatabase } from "../testing/database.ts";
import { withSuperuser } from "../testing/test-databases.ts";
import { migrate } from "./migrate.ts";
import { migrationFolder } from "./migration-folder.ts";
import { openDatabase } from "./pools.ts";

let db: TestDatabase;
let directory: string;
beforeEach(async () => {
  db = await createTestDatabase({ migrations: null });
  directory = await mkdtemp(join(tmpdir(), "tillcast-migrations-"));
});
afterEach(async () => {
  await db.drop();
  await rm(directory, { recursive: true });
});

const write = (name: string, text: string) => writeFile(join(directory, name), text);
const run = () => migrate({ url: db.url, directory, log });
const column = async (text: string) =>
  (await db.database.service.query(text)).rows.map((row) => row.v);

test("from empty, files are applied in name order, once", async () => {
  await write("202601010000-first.sql", "create table first (n integer);");
  await write("202601020000-second.sql", "alter table first add column m integer;");
  expect(await run()).toEqual(["202601010000-first.sql", "202601020000-second.sql"]);
  expect(await run()).toEqual([]);
  await write("202601030000-third.sql", "create table third ();");
  expect(await run()).toEqual(["202601030000-third.sql"]);
  expect(await column("select name as v from migration order by 1")).toHaveLength(3);
});

test("two that start at once apply each file once", async () => {
  await write("202601010000-first.sql", "create table first (n integer); select pg_sleep(0.1);");
  const applied = await Promise.all([run(), run(), run()]);
  expect(applied.flat()).toEqual(["202601010000-first.sql"]);
});

test("an unknown file older than the newest applied is refused by name", async () => {
  await write("202601020000-second.sql", "select 1;");
  await run();
  await write("202601010000-first.sql", "create table first ();");
  await expect(run()).rejects.toThrow(/not applied: 202601010000-first\.sql/);
});

test("a database of a newer version serves an older one that starts, as long as it was only added to", async () => {
  await write("202601010000-first.sql", "create table first ();");
  await write("202601020000-second.sql", "create table second ();");
  await run();
  await rm(join(directory, "202601020000-second.sql"));
  expect(await run()).toEqual([]);
});

test("a database of a newer version that breaks with the older one is refused by name", async () => {
  await write("202601010000-first.sql", "create table first ();");
  await write("202601020000-second.sql", "-- Renames.\n--! breaking\ndrop table first;");
  await run();
  expect(await run()).toEqual([]);
  await rm(join(directory, "202601020000-second.sql"));
  await expect(run()).rejects.toThrow(/not part of this version: 202601020000-second\.sql/);
});

test("what is applied here and missing among older files is refused by name", async () => {
  await write("202601010000-first.sql", "select 1;");
  await write("202601020000-second.sql", "select 1;");
  await run();
  await rm(join(directory, "202601010000-first.sql"));
  await expect(run()).rejects.toThrow(/not part of this version: 202601010000-first\.sql/);
});

test("a breaking file waits until every process has stopped, and says which are at work", async () => {
  await write("202601010000-first.sql", "create table first ();");
  await run();
  await write("202601020000-second.sql", "--! breaking\ndrop table first;");
  const working = openDatabase({ url: db.url, applicationName: "tillcast process" });
  await working.service.query("select 1");
  await expect(run()).rejects.toThrow(/second\.sql.*stop them first \(at work: tillcast process\)/);
  expect(await column("select to_regclass('tillcast.first')::text as v")).toEqual(["first"]);
  await working.close();
  await expect.poll(run).toEqual(["202601020000-second.sql"]);
});

test("a table of migrations that an older version made is taken over", async () => {
  await write("202601010000-first.sql", "select 1;");
  await run();
  await withSuperuser(db.superuserUrl, (client) =>
    client.query("alter table tillcast.migration drop column is_breaking"),
  );
  expect(await run()).toEqual([]);
  expect(await column("select is_breaking as v from migration")).toEqual([false]);
});

test("a file that fails leaves nothing behind, and what came before stays", async () => {
  await write("202601010000-first.sql", "create table first ();");
  await write("202601020000-second.sql", "create table second (); select 1 / 0;");
  await expect(run()).rejects.toThrow(/202601020000-second\.sql failed: division by zero/);
  expect(await column("select name as v from migration")).toEqual(["202601010000-first.sql"]);
  expect(await column("select to_regclass('tillcast.second') as v")).toEqual([null]);
});

test("a file whose name has no place in the order is refused", async () => {
  await write("add-index.sql", "select 1;");
  await expect(run()).rejects.toThrow(/add-index\.sql is not named/);
});

test("the services' roles are neither superuser nor past row security", async () => {
  const rows = await db.database.service.query(
    "select rolsuper or rolbypassrls or rolcanlogin as strong from pg_roles where rolname like 'tillcast\\_%'",
  );
  expect(rows.rows).toEqual([{ strong: false }, { strong: false }]);
});

test("the product's migrations force row security on every table that has a tenant", async () => {
  await migrate({ url: db.url, directory: migrationFolder, log });
  const tenantTables = await db.database.service.query(
    `select c.relname as name, c.relrowsecurity and c.relforcerowsecurity as forced,
       exists (select 1 from pg_policy p where p.polrelid = c.oid) as has_policy
     from pg_class c
     join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id'
     where c.relnamespace = 'tillcast'::regnamespace and c.relkind in ('r', 'p')`,
  );
  expect(tenantTables.rows.length).toBeGreaterThan(10);
  expect(tenantTables.rows.filter((row) => !row.forced || !row.has_policy)).toEqual([]);
});
