import {
  dateArray,
  type Transaction,
  textArray,
  timestamptzArray,
  uuidArray,
} from "@tillcast/core/database";
import {
  addDays,
  businessDateOf,
  businessDayBounds,
  composeNet,
  DAY_MS,
  dataReach,
  type Expectation,
  expectedUntil,
  forecastSteps,
  type LiveForecast,
  landingOf,
  type Measures,
  type OverviewRow,
  WINDOW_MS,
} from "@tillcast/schemas";
import { loadDaysKnown } from "./days-known.ts";
import { loadFeedStates } from "./feeds.ts";
import { loadDayForecasts } from "./forecasts.ts";
import { loadLastSalesDates } from "./last-sales.ts";
import { anyMeasure, summedMeasures } from "./measure-columns.ts";
import { loadOpenSales } from "./open-sales.ts";
import { loadOtherCurrencies } from "./other-currencies.ts";
import { selectRows } from "./select-rows.ts";
import { loadSoldUntil } from "./sold-until.ts";
import { type Store, viewStore } from "./stores.ts";

interface StoreSumRow extends Measures {
  readonly store_id: string;
}

const selectToday = `
select
  r.store_id,
  ${summedMeasures}
from unnest($1::uuid[], $2::date[], $3::text[]) as wanted (store_id, business_date, currency)
join rollup_day r
  on r.store_id = wanted.store_id
  and r.business_date = wanted.business_date
  and r.currency = wanted.currency
where ${anyMeasure}
group by r.store_id`;

/**
 * Windows that had ended at the same time of the business day a week ago. With both ends of the windows bound, each
 * store's are found by index; without, the planner reads the whole table (100 stores of 122 days: 800 ms against 21 ms).
 */
const selectLastWeek = `
select
  wanted.store_id,
  sums.*
from unnest($1::uuid[], $2::date[], $3::text[], $4::timestamptz[], $5::timestamptz[])
  as wanted (store_id, business_date, currency, from_start, until)
cross join lateral (
  select ${summedMeasures}
  from rollup_15m r
  where r.store_id = wanted.store_id
    and r.business_date = wanted.business_date
    and r.currency = wanted.currency
    and r.window_start >= wanted.from_start
    and r.window_start < wanted.until
    and ${anyMeasure}
  having count(*) > 0
) sums`;

interface TradingDay {
  readonly storeId: string;
  readonly businessDate: string;
  readonly currency: string;
  readonly startMs: number;
  readonly lastWeek: string;
  /** No window of that day starts earlier. */
  readonly lastWeekFromMs: number;
  /** Start of the first window that had not ended a week ago at this time of the business day. */
  readonly lastWeekUntilMs: number;
}

/** One row for each store: its business day so far, and what was to be expected of it. */
export async function loadOverview(
  tx: Transaction,
  stores: readonly Store[],
  nowMs: number,
): Promise<OverviewRow[]> {
  const days = stores.map((store) => tradingDayOf(store, nowMs));
  const storeIds = stores.map((store) => store.storeId);
  const ids = uuidArray(storeIds);
  const currencies = stores.map((store) => store.currency);
  const today = await selectRows<StoreSumRow>(tx, selectToday, [
    ids,
    dateArray(days.map((day) => day.businessDate)),
    textArray(currencies),
  ]);
  const lastWeek = await selectRows<StoreSumRow>(tx, selectLastWeek, [
    ids,
    dateArray(days.map((day) => day.lastWeek)),
    textArray(currencies),
    timestamptzArray(days.map((day) => day.lastWeekFromMs)),
    timestamptzArray(days.map((day) => day.lastWeekUntilMs)),
  ]);
  const [open, feeds] = [await loadOpenSales(tx, storeIds), await loadFeedStates(tx, storeIds)];
  const forecasts = await loadDayForecasts(tx, days, nowMs);
  const otherCurrencies = await loadOtherCurrencies(tx, stores, days);
  const lastSalesDates = await loadLastSalesDates(tx, days);
  const daysKnown = await loadDaysKnown(tx, days);
  const reachOf = (day: TradingDay) => dataReach(feeds.get(day.storeId) ?? [], nowMs);
  const soldUntil = await loadSoldUntil(
    tx,
    days.filter((day) => forecasts.has(day.storeId) && reachOf(day) === undefined),
  );
  const reaches = new Map(
    days.map((day) => {
      const reached = reachOf(day) ?? soldUntil.get(day.storeId) ?? day.startMs;
      return [day.storeId, Math.max(day.startMs, Math.min(reached, nowMs))];
    }),
  );
  const [sums, sumsLastWeek] = [byStore(today), byStore(lastWeek)];
  return stores.map((store) => {
    const sum = sums.get(store.storeId);
    const before = sumsLastWeek.get(store.storeId);
    const forecast = forecasts.get(store.storeId);
    const net = sum === undefined ? 0n : composeNet(sum, store.netCharges);
    const counted = { counted: Number(net), from: reaches.get(store.storeId) ?? nowMs };
    return {
      ...viewStore(store, nowMs),
      net: net.toString(),
      orders: Number(sum?.orders ?? 0n),
      open: open.get(store.storeId) ?? [],
      otherCurrencies: otherCurrencies.get(store.storeId) ?? [],
      expectedSoFar: forecast === undefined ? null : expectedSoFar(forecast, nowMs),
      landing: forecast === undefined ? null : landingOf(forecast, WINDOW_MS, counted),
      lastWeekSoFar: before === undefined ? null : composeNet(before, store.netCharges).toString(),
      lastSalesDate: lastSalesDates.get(store.storeId) ?? null,
      daysKnown: daysKnown.get(store.storeId) ?? 0,
      feeds: feeds.get(store.storeId) ?? [],
    };
  });
}

function tradingDayOf(store: Store, nowMs: number): TradingDay {
  const { timeZone, closeouts } = store;
  const businessDate = businessDateOf(nowMs, timeZone, closeouts);
  const lastWeek = addDays(businessDate, -7);
  const { startMs } = businessDayBounds(businessDate, timeZone, closeouts);
  const lastWeekStartMs = businessDayBounds(lastWeek, timeZone, closeouts).startMs;
  const thenMs = lastWeekStartMs + nowMs - startMs;
  return {
    storeId: store.storeId,
    businessDate,
    currency: store.currency,
    startMs,
    lastWeek,
    // Orders keep the business date by which they were counted, whatever the closeout is now.
    lastWeekFromMs: lastWeekStartMs - DAY_MS,
    lastWeekUntilMs: Math.floor(thenMs / WINDOW_MS) * WINDOW_MS,
  };
}

/** Net sales that the forecast saw coming from the day's start until now. */
export function expectedSoFar(forecast: LiveForecast, nowMs: number): Expectation {
  return expectedUntil(forecastSteps(forecast, WINDOW_MS), nowMs);
}

const byStore = (rows: readonly StoreSumRow[]): ReadonlyMap<string, StoreSumRow> =>
  new Map(rows.map((row) => [row.store_id, row]));
