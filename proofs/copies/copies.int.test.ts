import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { databaseSchema } from "@tillcast/core/database";
import { createTestDatabase, type TestDatabase, withSuperuser } from "@tillcast/core/testing";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadCopiedTables, notCopied, refuseHiddenRows } from "./copied-tables.ts";
import { copyInSlices, copyTogether, makePace } from "./copy-tables.ts";
import { loadTable } from "./load-table.ts";
import type { TableFile } from "./manifest.ts";

const rowCount = 4_500;
let from: TestDatabase;
let to: TestDatabase;
let folder: string;
let owner: pg.Client;

beforeAll(async () => {
  [from, to] = [await createTestDatabase(), await createTestDatabase()];
  folder = await mkdtemp(join(tmpdir(), "tillcast-copies-"));
  owner = new pg.Client({ connectionString: to.url });
  await owner.connect();
  await from.database.service.query(
    `insert into dead_letter
       (topic, topic_id, partition, record_offset, group_name, key, value, headers, reason, at)
     select 't' || n % 3, $1, n % 8, n, 'g', E'tab\\t, line\\n, "quote" and back\\\\slash ' || n,
       decode(repeat('00ff0a5c', n % 50), 'hex'), jsonb_build_object('h', E'x\\n' || n),
       case when n % 2 = 0 then '\\N' else '\\.' end, timestamptz '2026-11-27' + n * interval '1 ms'
     from generate_series(1, $2) as n`,
    [randomUUID(), rowCount],
  );
});
afterAll(async () => {
  await owner.end();
  await rm(folder, { recursive: true, force: true });
  await Promise.all([from.drop(), to.drop()]);
});

const deadLetters = async () => {
  const tables = await loadCopiedTables(from.database.service);
  const table = tables.find((one) => one.table === "dead_letter");
  if (table === undefined) throw new Error("dead_letter is not copied");
  return table;
};
const digest = async ({ database }: TestDatabase) =>
  (
    await database.service.query(
      "select count(*)::int as rows, sum(hashtextextended(d::text, 0)::numeric)::text as digest from dead_letter d",
    )
  ).rows[0];
const load = async (file: TableFile) => {
  await withSuperuser(to.superuserUrl, (client) => client.query("truncate tillcast.dead_letter"));
  return loadTable(owner, { folder, file, schema: databaseSchema });
};

describe("copied tables", () => {
  it("come back row by row from slices of a key of several columns, whatever text they hold", async () => {
    const file = await copyInSlices(from.database.service, folder, await deadLetters());
    expect(file.rows).toBe(rowCount);
    expect(await load(file)).toBe(rowCount);
    expect(await digest(to)).toEqual(await digest(from));
    await rm(join(folder, file.file));
  });

  it("come back by the names of their columns, also those of an older version", async () => {
    const table = await deadLetters();
    const older = { ...table, columns: [...table.columns].reverse() };
    const [file] = await copyTogether(from.database.service, folder, [older]);
    await withSuperuser(to.superuserUrl, (client) =>
      client.query("alter table tillcast.dead_letter add column newer text not null default 'new'"),
    );
    expect(await load(file as TableFile)).toBe(rowCount);
    const { rows } = await to.database.service.query("select distinct newer from dead_letter");
    expect(rows).toEqual([{ newer: "new" }]);
  });

  it("go into tables whose row security binds their owner too", async () => {
    const tables = await loadCopiedTables(from.database.service);
    const tenant = tables.filter(({ table }) => table === "tenant");
    await from.database.service.query(
      "insert into tenant (tenant_id, name) values (gen_random_uuid(), 'Aurora')",
    );
    const [file] = await copyTogether(from.database.service, folder, tenant);
    expect(file?.rows).toBe(1);
    await loadTable(owner, { folder, file: file as TableFile, schema: databaseSchema });
    const { rows } = await to.database.service.query("select name from tenant");
    expect(rows).toEqual([{ name: "Aurora" }]);
  });

  it("are refused where row security would hide rows from whoever copies", async () => {
    await expect(refuseHiddenRows(to.database.service)).resolves.toBeUndefined();
    await withSuperuser(to.superuserUrl, (client) =>
      client.query("drop policy service_all on tillcast.store"),
    );
    await expect(refuseHiddenRows(to.database.service)).rejects.toThrow(/hides rows of store /);
  });

  it("come after those that they refer to, and are all tables but those named with a reason", async () => {
    const tables = await loadCopiedTables(from.database.service);
    const names = tables.map(({ table }) => table);
    expect(names.indexOf("tenant")).toBeLessThan(names.indexOf("store"));
    expect(names.indexOf("store")).toBeLessThan(names.indexOf("feed"));
    const { rows } = await from.database.service.query<{ name: string }>(
      `select relname as name from pg_class
       where relnamespace = 'tillcast'::regnamespace and relkind in ('r', 'p') and not relispartition`,
    );
    expect([...names, ...Object.keys(notCopied)].sort()).toEqual(
      rows.map(({ name }) => name).sort(),
    );
  });
});

describe("the pace of slices", () => {
  it("slows down after a slice that took long, and recovers", async () => {
    let now = 0;
    const pace = makePace(2_000, () => now);
    const counts: number[] = [];
    const slice = (tookMs: number) =>
      pace.during(async (count) => {
        counts.push(count);
        now += tookMs;
      });
    for (const tookMs of [1_600, 0, 0]) await slice(tookMs);
    expect(counts).toEqual([2_000, 1_000, 2_000]);
  });
});
