/** Reads the facts by which the schedule decides. */
import { runStatement } from "@tillcast/core";
import { addDays, businessDayBounds } from "@tillcast/schemas";
import { weeklyHistoryDays } from "../models/baseline.ts";
import type { StoreFacts, TenantFacts } from "./due-work.ts";
import { businessDateNow } from "./issue-forecast.ts";
import type { ForecastStore, ServicePool } from "./stores.ts";

/** A store with the facts about it, before what the process itself remembers. */
export interface StoreWithFacts {
  readonly store: ForecastStore;
  readonly facts: StoreFacts;
}

interface FactRow extends Record<string, unknown> {
  readonly storeId: string;
  readonly historyDays: number;
  readonly issuedAt: number | null;
  readonly cutoff: number | null;
  readonly businessDate: string | null;
}

/** $1 stores, $2 first dates of history, $3 present business dates. */
const selectFacts = {
  name: "forecaster-facts",
  text: `
    select w.store_id as "storeId", history.days as "historyDays", last.issued_at as "issuedAt",
      last.cutoff, last.business_date::text as "businessDate"
    from unnest($1::uuid[], $2::date[], $3::date[]) as w(store_id, from_date, today)
    cross join lateral (
      select count(distinct d.business_date)::int as days
      from rollup_day d
      where d.store_id = w.store_id
        and d.business_date >= w.from_date
        and d.business_date < w.today
    ) as history
    left join lateral (
      select v.issued_at, v.cutoff, v.business_date
      from forecast_vintage v
      where v.store_id = w.store_id
        and v.channel = 'all'
        and v.grain = '15m'
      order by v.issued_at desc
      limit 1
    ) as last on true`,
};

/** Facts of all given stores in one statement. */
export async function loadStoreFacts(
  pool: ServicePool,
  stores: readonly ForecastStore[],
  now: number,
  historyDays: number,
): Promise<StoreWithFacts[]> {
  const dates = stores.map((store) => businessDateNow(store, now));
  const { rows } = await runStatement<FactRow>(pool, selectFacts, [
    stores.map((store) => store.storeId),
    dates.map((date) => addDays(date, -historyDays)),
    dates,
  ]);
  const rowOf = new Map(rows.map((row) => [row.storeId, row]));
  return stores.map((store, index) => {
    const today = dates[index] as string;
    const row = rowOf.get(store.storeId);
    const dayStart = businessDayBounds(today, store.timeZone, store.closeouts).startMs;
    const facts = { now, today, dayStart, historyDays: row?.historyDays ?? 0 };
    if (!row || row.issuedAt === null || row.cutoff === null || row.businessDate === null) {
      return { store, facts };
    }
    const { issuedAt, cutoff, businessDate } = row;
    return { store, facts: { ...facts, last: { issuedAt, cutoff, businessDate } } };
  });
}

interface ChampionFact extends Record<string, unknown> {
  readonly tenantId: string;
  readonly trainedAt: number;
  readonly historyDays: number;
}

const selectChampions = {
  name: "forecaster-champions",
  text: `
    select tenant_id as "tenantId", trained_at as "trainedAt",
      coalesce((metrics->>'historyDays')::float8, 0) as "historyDays"
    from forecast_model
    where state = 'champion'`,
};

/** Facts of every tenant that has one of the given stores. */
export async function loadTenantFacts(
  pool: ServicePool,
  stores: readonly StoreWithFacts[],
): Promise<Map<string, TenantFacts>> {
  const { rows } = await runStatement<ChampionFact>(pool, selectChampions, []);
  const champions = new Map(rows.map((row) => [row.tenantId, row]));
  const tenants = new Map<string, TenantFacts>();
  for (const { store, facts } of stores) {
    const before = tenants.get(store.tenantId);
    const champion = champions.get(store.tenantId);
    tenants.set(store.tenantId, {
      now: facts.now,
      dayStart: before?.dayStart ?? facts.dayStart,
      historyDays: (before?.historyDays ?? 0) + facts.historyDays,
      isTrainable: before?.isTrainable === true || facts.historyDays >= weeklyHistoryDays + 7,
      ...(champion === undefined ? {} : { champion }),
    });
  }
  return tenants;
}
