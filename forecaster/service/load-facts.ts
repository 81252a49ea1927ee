/** Reads the facts by which the schedule decides. */
import { runStatement } from "@tillcast/core/database";
import { addDays, businessDayBounds } from "@tillcast/schemas";
import { trainableDays } from "../network/trainable.ts";
import type { StoreFacts, TenantFacts } from "./due-work.ts";
import type { HistoryWatch } from "./history-watch.ts";
import { businessDateNow } from "./issue-forecast.ts";
import type { ForecastStore, ServicePool } from "./stores.ts";

/** A store with the facts about it, before what the process itself remembers of its last issue. */
export interface StoreWithFacts {
  readonly store: ForecastStore;
  readonly facts: StoreFacts;
}

/** What is known of all stores and their tenants when the clock ticks. */
export interface Facts {
  readonly stores: readonly StoreWithFacts[];
  readonly tenants: ReadonlyMap<string, TenantFacts>;
}

export interface FactsQuery {
  readonly stores: readonly ForecastStore[];
  readonly now: number;
  /** How many days of history count. */
  readonly historyDays: number;
  readonly watch: HistoryWatch;
}

/** Loads the facts of all given stores and of their tenants, in three statements. */
export async function loadFacts(pool: ServicePool, query: FactsQuery): Promise<Facts> {
  const rows = await loadStoreRows(pool, query);
  const models = await loadModelRows(pool);
  const filling = await loadFillingTenants(pool);
  const isSettled = (key: string, tenantId: string, historyDays: number): boolean =>
    // Looked at in every case, since looking is what makes time pass for the watch.
    query.watch(key, historyDays) && !filling.has(tenantId);
  const stores = query.stores.map((store): StoreWithFacts => {
    const { today, row } = rows.get(store.storeId) as StoreRow;
    const historyDays = row?.historyDays ?? 0;
    const last = lastOf(row);
    const facts = {
      now: query.now,
      today,
      dayStart: businessDayBounds(today, store.timeZone, store.closeouts).startMs,
      historyDays,
      isHistorySettled: isSettled(store.storeId, store.tenantId, historyDays),
      championId: models.get(store.tenantId)?.championId ?? null,
    };
    return { store, facts: last === undefined ? facts : { ...facts, last } };
  });
  const tenants = new Map<string, TenantFacts>();
  for (const tenantId of new Set(stores.map(({ store }) => store.tenantId))) {
    const own = stores.filter(({ store }) => store.tenantId === tenantId).map(({ facts }) => facts);
    const historyDays = own.reduce((sum, facts) => sum + facts.historyDays, 0);
    const lastTraining = lastTrainingOf(models.get(tenantId));
    tenants.set(tenantId, {
      now: query.now,
      dayStart: own[0]?.dayStart ?? query.now,
      historyDays,
      isHistorySettled: isSettled(tenantId, tenantId, historyDays),
      isTrainable: own.some((facts) => facts.historyDays >= trainableDays),
      ...(lastTraining === undefined ? {} : { lastTraining }),
    });
  }
  return { stores, tenants };
}

interface FactRow extends Record<string, unknown> {
  readonly storeId: string;
  readonly historyDays: number;
  readonly issuedAt: number | null;
  readonly cutoff: number | null;
  readonly businessDate: string | null;
  readonly modelId: string | null;
}

interface StoreRow {
  readonly today: string;
  readonly row: FactRow | undefined;
}

/** $1 stores, $2 first dates of history, $3 present business dates. */
const selectFacts = {
  name: "forecaster-facts",
  text: `
    select w.store_id as "storeId", history.days as "historyDays", last.issued_at as "issuedAt",
      last.cutoff, last.business_date::text as "businessDate", last.model_id as "modelId"
    from unnest($1::uuid[], $2::date[], $3::date[]) as w(store_id, from_date, today)
    cross join lateral (
      select count(distinct d.business_date)::int as days
      from rollup_day d
      where d.store_id = w.store_id
        and d.business_date >= w.from_date
        and d.business_date < w.today
        and d.orders > 0
    ) as history
    left join lateral (
      select v.issued_at, v.cutoff, v.business_date, v.model_id
      from forecast_vintage v
      where v.store_id = w.store_id
        and v.channel = 'all'
        and v.grain = '15m'
      order by v.issued_at desc
      limit 1
    ) as last on true`,
};

async function loadStoreRows(
  pool: ServicePool,
  { stores, now, historyDays }: FactsQuery,
): Promise<ReadonlyMap<string, StoreRow>> {
  const dates = stores.map((store) => businessDateNow(store, now));
  const { rows } = await runStatement<FactRow>(pool, selectFacts, [
    stores.map((store) => store.storeId),
    dates.map((date) => addDays(date, -historyDays)),
    dates,
  ]);
  const rowOf = new Map(rows.map((row) => [row.storeId, row]));
  return new Map(
    stores.map(({ storeId }, index) => [
      storeId,
      { today: dates[index] as string, row: rowOf.get(storeId) },
    ]),
  );
}

function lastOf(row: FactRow | undefined): StoreFacts["last"] {
  if (!row || row.issuedAt === null || row.cutoff === null || row.businessDate === null) {
    return undefined;
  }
  const { issuedAt, cutoff, businessDate, modelId } = row;
  return { issuedAt, cutoff, businessDate, modelId };
}

interface ModelRow extends Record<string, unknown> {
  readonly tenantId: string;
  readonly championId: string | null;
  readonly newestState: string;
  readonly trainedAt: number;
  readonly historyDays: number;
}

const selectModels = {
  name: "forecaster-model-facts",
  text: `
    select tenant_id as "tenantId",
      max(model_id::text) filter (where state = 'champion') as "championId",
      (array_agg(state order by trained_at desc))[1] as "newestState",
      max(trained_at) as "trainedAt",
      coalesce((array_agg(metrics->>'historyDays' order by trained_at desc))[1]::float8, 0)
        as "historyDays"
    from forecast_model
    group by tenant_id`,
};

async function loadModelRows(pool: ServicePool): Promise<ReadonlyMap<string, ModelRow>> {
  const { rows } = await runStatement<ModelRow>(pool, selectModels, []);
  return new Map(rows.map((row) => [row.tenantId, row]));
}

/** A newest model that is retired could not serve: as if there had been no training. */
function lastTrainingOf(row: ModelRow | undefined): TenantFacts["lastTraining"] {
  if (row === undefined || row.newestState === "retired") return undefined;
  return { trainedAt: row.trainedAt, historyDays: row.historyDays };
}

/**
 * Tenants whose past a job is filling in now. A job that nobody works on does not count: its process
 * may never come back, and training must not wait for it for ever.
 */
const selectFilling = {
  name: "forecaster-filling-tenants",
  text: `
    select distinct tenant_id as "tenantId"
    from job
    where kind = 'simulate-history'
      and (state = 'running' and heartbeat_at > now() - interval '1 minute'
        or state = 'queued' and run_after > now() - interval '10 minutes')`,
};

async function loadFillingTenants(pool: ServicePool): Promise<ReadonlySet<string>> {
  const { rows } = await runStatement<{ tenantId: string }>(pool, selectFilling, []);
  return new Set(rows.map((row) => row.tenantId));
}
