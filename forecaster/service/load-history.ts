/** Reads a store's past from the rollups in slices, so that no transaction grows old. */
import { runStatement } from "@tillcast/core/database";
import { addDays, localMinuteOfDay, netSql } from "@tillcast/schemas";
import { learnSeries } from "../learn-series.ts";
import type { Series } from "../series.ts";
import type { QuarterSales } from "../steps/quarter-profile.ts";
import { holidaysOf } from "./holidays.ts";
import type { ForecastStore, ServicePool } from "./stores.ts";

/** Days read by one statement. */
const sliceDays = 120;
/** Days of quarters from which the shape of an hour is learnt. */
const quarterDays = 56;

interface WindowRow extends Record<string, unknown> {
  readonly businessDate: string;
  readonly windowStart: number;
  readonly net: number;
}

/**
 * Net as the tenant counts it, over all channels, in the store's own currency.
 * $1 store, $2 currency, $3 and $4 business dates `[from, to)`, $5 charges that count.
 */
const netByWindow = (table: "rollup_15m" | "rollup_hour") => ({
  name: `forecaster-${table}`,
  text: `
    select business_date::text as "businessDate", window_start as "windowStart",
      sum(${netSql("$5")})::float8 as net
    from ${table}
    where store_id = $1
      and currency = $2
      and business_date >= $3
      and business_date < $4
    group by business_date, window_start`,
});

const netByHour = netByWindow("rollup_hour");
const netByQuarter = netByWindow("rollup_15m");

/** The hourly series of the business dates `[today - days, today)`; `undefined` without any sale. */
export async function loadSeries(
  pool: ServicePool,
  store: ForecastStore,
  today: string,
  days: number,
): Promise<Series | undefined> {
  const fromDate = addDays(today, -days);
  const rows: WindowRow[] = [];
  for (let at = fromDate; at < today; at = addDays(at, sliceDays)) {
    const to = addDays(at, sliceDays);
    rows.push(...(await loadWindows(pool, netByHour, store, at, to < today ? to : today)));
  }
  const place = {
    key: store.storeId,
    timeZone: store.timeZone,
    currency: store.currency,
    firstHour: Math.floor((store.closeouts.at(-1)?.closeoutMinute ?? 0) / 60),
    holidays: await holidaysOf(store.country, fromDate, addDays(today, 60)),
  };
  const sales = rows.map((row) => ({
    businessDate: row.businessDate,
    hour: Math.floor(localMinuteOfDay(row.windowStart, store.timeZone) / 60),
    amount: row.net,
  }));
  return learnSeries(place, sales, fromDate, today);
}

/** The quarters of the last weeks before `today`. */
export async function loadQuarters(
  pool: ServicePool,
  store: ForecastStore,
  today: string,
): Promise<QuarterSales[]> {
  const rows = await loadWindows(pool, netByQuarter, store, addDays(today, -quarterDays), today);
  return rows.map((row) => {
    const minute = localMinuteOfDay(row.windowStart, store.timeZone);
    return {
      businessDate: row.businessDate,
      hour: Math.floor(minute / 60),
      quarter: Math.floor((minute % 60) / 15),
      amount: row.net,
    };
  });
}

/** What was sold on business date `today` in windows that began before `cutoff`. */
export async function loadSoldSoFar(
  pool: ServicePool,
  store: ForecastStore,
  today: string,
  cutoff: number,
): Promise<number> {
  const rows = await loadWindows(pool, netByQuarter, store, today, addDays(today, 1));
  return rows.reduce((sum, row) => (row.windowStart < cutoff ? sum + row.net : sum), 0);
}

async function loadWindows(
  pool: ServicePool,
  statement: { name: string; text: string },
  store: ForecastStore,
  from: string,
  to: string,
): Promise<WindowRow[]> {
  const values = [store.storeId, store.currency, from, to, store.netCharges];
  const { rows } = await runStatement<WindowRow>(pool, statement, values);
  // A row in which everything cancelled out may stand or be missing, and says the same either way.
  return rows.filter(({ net }) => net !== 0);
}
