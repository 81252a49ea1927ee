import type { Transaction } from "@tillcast/core";
import {
  addDays,
  businessDateOf,
  businessDayBounds,
  composeNet,
  type LiveSnapshot,
  type LiveWindow,
  type Measures,
  orderChannels,
} from "@tillcast/schemas";
import { loadFeeds } from "./feeds.ts";
import { loadDayForecasts } from "./forecasts.ts";
import { plainMeasures } from "./measure-columns.ts";
import { loadOpenSales } from "./open-sales.ts";
import { selectRows } from "./select-rows.ts";
import { loadCursor } from "./store-cursor.ts";
import type { Store } from "./stores.ts";

interface DayWindowRow extends Measures {
  readonly window_start: number;
  readonly channel: number;
  readonly currency: string;
}

const selectDayWindows = `
select
  r.window_start,
  r.channel,
  r.currency,
  ${plainMeasures}
from rollup_15m r
where r.store_id = $1
  and r.business_date = $2
order by r.window_start, r.channel, r.currency`;

const selectHasSales = `
select exists (select from rollup_day where store_id = $1) as has_sales`;

/**
 * The first picture of a store's business day with the versions at which it was taken. All of it must be
 * read in one REPEATABLE READ transaction, else the versions could say more than the picture shows.
 */
export async function loadLiveSnapshot(
  tx: Transaction,
  store: Store,
  nowMs: number,
): Promise<LiveSnapshot> {
  const { storeId, timeZone, closeouts } = store;
  const cursor = await loadCursor(tx, storeId);
  const businessDate = businessDateOf(nowMs, timeZone, closeouts);
  const today = businessDayBounds(businessDate, timeZone, closeouts);
  const weekAgo = addDays(businessDate, -7);
  const shiftMs = today.startMs - businessDayBounds(weekAgo, timeZone, closeouts).startMs;
  const windows = await selectRows<DayWindowRow>(tx, selectDayWindows, [storeId, businessDate]);
  const lastWeek = await selectRows<DayWindowRow>(tx, selectDayWindows, [storeId, weekAgo]);
  const forecasts = await loadDayForecasts(tx, [{ storeId, businessDate }], nowMs);
  const forecast = forecasts.get(storeId) ?? null;
  return {
    storeId,
    name: store.name,
    timeZone,
    currency: store.currency,
    businessDate,
    dayStart: today.startMs,
    dayEnd: today.endMs,
    serverTime: nowMs,
    cursor,
    windows: windows.map((row) => viewWindow(row, businessDate, store)),
    open: (await loadOpenSales(tx, [storeId])).get(storeId) ?? [],
    forecast,
    forecastReason: forecast === null ? await reasonWithout(tx, storeId) : null,
    lastWeek: sumByWindow(lastWeek, store, shiftMs),
    feeds: (await loadFeeds(tx, [storeId])).get(storeId) ?? [],
  };
}

function viewWindow(row: DayWindowRow, businessDate: string, store: Store): LiveWindow {
  return {
    businessDate,
    start: row.window_start,
    channel: orderChannels[row.channel] ?? "other",
    currency: row.currency,
    net: composeNet(row, store.netCharges).toString(),
    gross: row.gross.toString(),
    discount: row.discount.toString(),
    refund: row.refund.toString(),
    void: row.void.toString(),
    tax: row.tax.toString(),
    tip: row.tip.toString(),
    orders: Number(row.orders),
    guests: Number(row.guests),
  };
}

/** Net in the store's currency per window of last week, moved to the same time of today's business day. */
function sumByWindow(
  rows: readonly DayWindowRow[],
  store: Store,
  shiftMs: number,
): LiveSnapshot["lastWeek"] {
  const sums = new Map<number, bigint>();
  for (const row of rows) {
    if (row.currency !== store.currency) continue;
    const start = row.window_start + shiftMs;
    sums.set(start, (sums.get(start) ?? 0n) + composeNet(row, store.netCharges));
  }
  return [...sums].map(([start, net]) => ({ start, net: net.toString() }));
}

async function reasonWithout(tx: Transaction, storeId: string): Promise<string> {
  const [row] = await selectRows<{ has_sales: boolean }>(tx, selectHasSales, [storeId]);
  return row?.has_sales === true
    ? "No forecast has been made for today yet."
    : "There are no sales yet from which a forecast could be made.";
}
