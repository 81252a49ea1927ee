import { copyFileSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { silentLogger } from "../logging.ts";
import { createTestDatabase, type TestDatabase } from "../testing/database.ts";
import { migrate } from "./migrate.ts";
import { migrationFolder } from "./migration-folder.ts";

/** The migrations before the one that knows tiers. */
const before = mkdtempSync(join(tmpdir(), "tillcast-migrations-"));
const tenantId = "11111111-1111-4111-8111-111111111111";

let db: TestDatabase;
beforeAll(async () => {
  for (const name of readdirSync(migrationFolder).filter((name) => name < "202611272301")) {
    copyFileSync(join(migrationFolder, name), join(before, name));
  }
  db = await createTestDatabase({ migrations: before });
});
afterAll(async () => {
  await db.drop();
  rmSync(before, { recursive: true });
});

test("tables that are full already become hypertables with the same rows, as forced as before", async () => {
  const { service } = db.database;
  const measures = Array.from({ length: 17 }, () => "0").join(", ");
  await service.query(
    `insert into rollup_15m
     select $1::uuid, day::date, day, 0, 'EUR', $1::uuid, 1, ${measures}
     from generate_series(timestamptz '2025-01-01', '2026-06-30', '1 day') as day`,
    [tenantId],
  );
  await migrate({ url: db.url, directory: migrationFolder, log: silentLogger });
  const { rows } = await service.query(
    `select count(*)::int as rows, count(distinct tableoid)::int as chunks from rollup_15m`,
  );
  expect(rows[0]?.rows).toBe(546);
  expect(rows[0]?.chunks).toBeGreaterThanOrEqual(18);
  const forced = await service.query(
    `select relname, relrowsecurity and relforcerowsecurity as forced from pg_class
     where oid in ('ledger_entry'::regclass, 'rollup_15m'::regclass, 'rollup_hour'::regclass, 'forecast_vintage'::regclass)`,
  );
  expect(forced.rows.map((row) => row.forced)).toEqual([true, true, true, true]);
});
