import { createApiKey } from "@tillcast/accounts";
import { openScope } from "@tillcast/core";
import { verifyTables } from "@tillcast/proofs";
import { addDays, DAY_MS, type OrderPushInput } from "@tillcast/schemas";
import {
  deliveriesOf,
  ensureSimulatedTenant,
  heavyTrouble,
  storeProfiles,
} from "@tillcast/simulator";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { type ComposedProduct, composeProduct } from "../support/composed-product.ts";
import { makeRestClient } from "../support/rest-client.ts";
import { untilSettled } from "../support/until-settled.ts";

const seed = Number(process.env.TILLCAST_TEST_SEED ?? 20_261_018);
/** Over the end of a month, and with it from one chunk into the next, and over the end of summer time. */
const fromDate = "2026-10-18";
const days = 21;
const batchMaxCount = 500;
const tenantId = "0de10000-0000-4000-8000-0000000000e2";
const stores = storeProfiles.map((store) => ({
  ...store,
  ticketsPerDay: store.ticketsPerDay * 0.1,
}));
const scope = openScope();

/** One product on each tier, with the same orders. */
let plain: Counted;
let timescale: Counted;

beforeAll(async () => {
  console.log(`tiers: ${days} days, seed ${seed}`);
  const fromMs = Date.parse(fromDate);
  const toMs = Date.parse(addDays(fromDate, days)) + DAY_MS / 2;
  const scenario = { seed, accountId: "tiers", trouble: heavyTrouble };
  const orders = [...deliveriesOf({ stores, scenario, fromMs, toMs })].map(({ order }) => order);
  plain = await countedOn(null, orders);
  timescale = await countedOn(inject("stack").timescaleUrl, orders);
}, 600_000);
afterAll(() => scope.close());

interface Counted {
  readonly product: ComposedProduct;
  readonly key: string;
}

async function countedOn(
  serverUrl: string | null,
  orders: readonly OrderPushInput[],
): Promise<Counted> {
  const product = await composeProduct(scope, {}, { serverUrl });
  const { service } = product.installation.database;
  const tenant = { tenantId, name: "Tiers", isDemo: false, accountId: "tiers" };
  await ensureSimulatedTenant(service, { ...tenant, stores });
  const { key } = await createApiKey(service, { tenantId, scopes: ["orders:write", "sales:read"] });
  const client = makeRestClient(product.url, key);
  for (let from = 0; from < orders.length; from += batchMaxCount) {
    const { status } = await client.push(orders.slice(from, from + batchMaxCount));
    expect(status).toBe(200);
  }
  await untilSettled(product.installation.eventLog);
  return { product, key };
}

const grains = ["15m", "hour", "day", "business-day"];
const questions = stores.flatMap(({ storeId }) =>
  grains.flatMap((grain) =>
    ["", "&by=channel"].map(
      (by) =>
        `/v1/stores/${storeId}/sales?from=${fromDate}&to=${addDays(fromDate, days + 2)}&grain=${grain}${by}`,
    ),
  ),
);

test("every answer about sales is the same to the letter on plain PostgreSQL and on TimescaleDB", async () => {
  let characters = 0;
  for (const question of questions) {
    const [one, other] = [await answer(plain, question), await answer(timescale, question)];
    expect(other, question).toBe(one);
    characters += one.length;
  }
  expect(characters).toBeGreaterThan(100_000);
});

test("verify says equal on both, and counts the same", async () => {
  const [one, other] = [await verified(plain), await verified(timescale)];
  expect(one).toMatchObject({ equal: true, differenceCount: 0 });
  expect(other).toEqual(one);
  expect(one.orders).toBeGreaterThan(500);
});

test("the second product stands on hypertables with several chunks, the first on none", async () => {
  const chunks = `
    select count(distinct parent.relname)::int as tables, count(*)::int as chunks
    from pg_inherits join pg_class as parent on parent.oid = inhparent
    where parent.relname in ('ledger_entry', 'rollup_15m', 'rollup_hour')`;
  const countOf = async ({ product }: Counted) =>
    (await product.installation.database.service.query(chunks)).rows[0];
  expect(await countOf(plain)).toEqual({ tables: 0, chunks: 0 });
  const { tables, chunks: count } = await countOf(timescale);
  expect(tables).toBe(3);
  expect(count).toBeGreaterThanOrEqual(6);
});

const verified = ({ product }: Counted) => verifyTables(product.installation.database.service);

/** The answer's text without the cursor, which counts the batches that the orders happened to come in. */
async function answer({ product, key }: Counted, path: string): Promise<string> {
  const headers = { authorization: `Bearer ${key}` };
  const response = await fetch(new URL(path, product.url), { headers });
  const text = await response.text();
  expect(response.status, text).toBe(200);
  return text.replace(/"cursor":\{[^}]*\}/, "");
}
