import { randomUUID } from "node:crypto";
import type pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { silentLogger } from "../logging.ts";
import { createTestDatabase, type TestDatabase } from "../testing/database.ts";
import { withSuperuser } from "../testing/test-databases.ts";
import { assertChunksClosed } from "./chunks.ts";
import { migrate } from "./migrate.ts";
import { migrationFolder } from "./migration-folder.ts";
import { asTenant } from "./transaction.ts";

const [mine, foreign] = [randomUUID(), randomUUID()];

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.drop());

/** Migrates and closes the chunks, as every start does. */
const start = (url: string) => migrate({ url, directory: migrationFolder, log: silentLogger });
const isReady = () => assertChunksClosed(db.database.service);
const asMe = (statement: string) =>
  asTenant(db.database.read, mine, async (tx) => (await tx.query(statement)).rows);

async function chunkOf(table: string): Promise<string> {
  const { rows } = await db.database.service.query<{ name: string }>(
    `select format('%I.%I', chunk_schema, chunk_name) as name from timescaledb_information.chunks
     where hypertable_schema = 'tillcast' and hypertable_name = $1`,
    [table],
  );
  return rows[0]?.name ?? `no chunk of ${table}`;
}

describe("a hypertable as TimescaleDB makes it", () => {
  beforeAll(() => withSuperuser(db.superuserUrl, makeLeaky));
  afterAll(() =>
    withSuperuser(db.superuserUrl, (client) => client.query("drop table tillcast.leaky")),
  );

  test("shows every tenant's rows to whoever names its chunk", async () => {
    expect(await asMe("select tenant_id from leaky")).toEqual([{ tenant_id: mine }]);
    const chunk = await chunkOf("leaky");
    expect(chunk).toMatch(/^_timescaledb_internal\./);
    expect(await asMe(`select tenant_id from ${chunk}`)).toHaveLength(2);
  });

  test("keeps a process from being ready, and from starting, as owner and as superuser", async () => {
    await expect(isReady()).rejects.toMatchObject({ code: "chunksReachable" });
    for (const url of [db.url, db.superuserUrl]) {
      await expect(start(url)).rejects.toMatchObject({ code: "chunksReachable" });
    }
  });
});

describe("our own hypertables", () => {
  beforeAll(async () => {
    for (const tenantId of [mine, foreign]) {
      await db.database.service.query(
        `insert into forecast_vintage (store_id, channel, grain, issued_at, tenant_id, cutoff, model_name,
           version, starts, quantiles, "values")
         values ($1, 'all', '15m', now(), $2, now(), 'm', 1, '{}', '{}', '{}')`,
        [await addStore(tenantId), tenantId],
      );
    }
  });

  test("have their chunks where no tenant reaches them", async () => {
    expect(await asMe("select tenant_id from forecast_vintage")).toEqual([{ tenant_id: mine }]);
    await expect(asMe(`select 1 from ${await chunkOf("forecast_vintage")}`)).rejects.toThrow(
      "permission denied for schema tillcast_chunks",
    );
  });

  test("are closed again by the next start, whoever opened them, without a superuser", async () => {
    await withSuperuser(db.superuserUrl, (client) =>
      client.query("grant usage on schema tillcast_chunks to public"),
    );
    expect(await asMe(`select 1 from ${await chunkOf("forecast_vintage")}`)).toHaveLength(2);
    await expect(isReady()).rejects.toMatchObject({ code: "chunksReachable" });
    await start(db.url);
    await isReady();
  });

  test("are four, with chunks of a month, and the tier is written down", async () => {
    const { rows } = await db.database.service.query(
      `select hypertable_name as name, time_interval from timescaledb_information.dimensions
       where hypertable_schema = 'tillcast' order by 1`,
    );
    expect(rows.map(({ name }) => name)).toEqual([
      "forecast_vintage",
      "ledger_entry",
      "rollup_15m",
      "rollup_hour",
    ]);
    const tier = await db.database.service.query("select tier from storage_tier");
    expect(tier.rows).toEqual([{ tier: expect.stringMatching(/^timescale-/) }]);
  });
});

async function makeLeaky(client: pg.Client): Promise<void> {
  await client.query(`
    create table tillcast.leaky (tenant_id uuid not null, at timestamptz not null);
    alter table tillcast.leaky enable row level security;
    create policy tenant_only on tillcast.leaky for select to tillcast_tenant
      using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
    create policy service_all on tillcast.leaky for all to tillcast_service using (true) with check (true);
    grant select, insert on tillcast.leaky to tillcast_service;
    grant select on tillcast.leaky to tillcast_tenant;
    select create_hypertable('tillcast.leaky', 'at');
    insert into tillcast.leaky values ('${mine}', '2026-01-01'), ('${foreign}', '2026-01-01')`);
}

async function addStore(tenantId: string): Promise<string> {
  const storeId = randomUUID();
  const { service } = db.database;
  await service.query("insert into tenant (tenant_id, name) values ($1, 'T')", [tenantId]);
  await service.query(
    `insert into store (store_id, tenant_id, name, time_zone, currency)
     values ($1, $2, 'S', 'UTC', 'EUR')`,
    [storeId, tenantId],
  );
  return storeId;
}
