import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createTestDatabase, type TestDatabase } from "@tillcast/core/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { root } from "../house/sources.ts";
import { sweepsOfTheHouse, sweepsTable } from "../house/sweeps-table.ts";

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.drop());

const guide = readFileSync(join(root, "docs/running.md"), "utf8");

/** Tables that nothing of ours is written into: parts of others, and the migrations' own. */
const selectTables = `
  select relname as name
  from pg_class
  where relnamespace = 'tillcast'::regnamespace and relkind in ('r', 'p') and not relispartition
    and not exists (select from pg_inherits where inhrelid = pg_class.oid)
  order by relname`;

test("the guide tells what is swept as the code does", async () => {
  expect(guide).toContain(`${sweepsTable(await sweepsOfTheHouse())}\n`);
});

test("every table is swept or has a reason to stay, once", async () => {
  const { rows } = await db.database.service.query<{ name: string }>(selectTables);
  const section = guide.slice(guide.indexOf("## What grows"), guide.indexOf("## Readiness"));
  const told = [...section.matchAll(/^\| `(\w+)` \|/gm)].map((match) => match[1] ?? "");
  expect(told.sort()).toEqual(rows.map(({ name }) => name).sort());
});
