import type { Transaction } from "@tillcast/core/database";
import {
  addDays,
  businessDateOf,
  businessDayBounds,
  channelAt,
  composeNet,
  type LiveForecast,
  type LiveSnapshot,
  type LiveWindow,
  type Measures,
} from "@tillcast/schemas";
import { invalid, readDate } from "../sales/read-instant.ts";
import { loadDaysKnown } from "./days-known.ts";
import { loadFeedStates } from "./feeds.ts";
import { loadDayForecasts, loadPastForecast } from "./forecasts.ts";
import { loadLastSalesDates } from "./last-sales.ts";
import { anyMeasure, summedMeasures } from "./measure-columns.ts";
import { loadOpenSales } from "./open-sales.ts";
import { selectRows } from "./select-rows.ts";
import { shownChannel } from "./shown-channel.ts";
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
  ${shownChannel} as channel,
  r.currency,
  ${summedMeasures}
from rollup_15m r
where r.store_id = $1
  and r.business_date = $2
  and ${anyMeasure}
group by r.window_start, ${shownChannel}, r.currency
order by 1, 2, 3`;

/**
 * The first picture of a store's business day (the present one where no date is given) with the versions
 * at which it was taken. All of it must be read in one REPEATABLE READ transaction, else the versions
 * could say more than the picture shows.
 */
export async function loadLiveSnapshot(
  tx: Transaction,
  store: Store,
  nowMs: number,
  date?: string,
): Promise<LiveSnapshot> {
  const { storeId, timeZone, closeouts } = store;
  const today = businessDateOf(nowMs, timeZone, closeouts);
  const businessDate = date === undefined ? today : readDateUpTo(today, date);
  const isToday = businessDate === today;
  const cursor = await loadCursor(tx, storeId);
  const day = businessDayBounds(businessDate, timeZone, closeouts);
  const weekAgo = addDays(businessDate, -7);
  const shiftMs = day.startMs - businessDayBounds(weekAgo, timeZone, closeouts).startMs;
  const windows = await selectRows<DayWindowRow>(tx, selectDayWindows, [storeId, businessDate]);
  const lastWeek = await selectRows<DayWindowRow>(tx, selectDayWindows, [storeId, weekAgo]);
  const forecast = isToday
    ? (await loadDayForecasts(tx, [{ storeId, businessDate }], nowMs)).get(storeId)
    : await loadPastForecast(tx, storeId, businessDate);
  const salesDates = await loadLastSalesDates(tx, [{ storeId, businessDate: today }]);
  const lastSalesDate = salesDates.get(storeId) ?? null;
  return {
    storeId,
    name: store.name,
    timeZone,
    currency: store.currency,
    businessDate,
    isToday,
    today,
    lastSalesDate,
    dayStart: day.startMs,
    dayEnd: day.endMs,
    serverTime: nowMs,
    cursor,
    windows: windows.map((row) => viewWindow(row, businessDate, store)),
    open: (await loadOpenSales(tx, [storeId])).get(storeId) ?? [],
    forecast: forecast ?? null,
    forecastReason: reasonWithout(forecast, { isToday, lastSalesDate }),
    daysKnown: (await loadDaysKnown(tx, [{ storeId, businessDate }])).get(storeId) ?? 0,
    lastWeek: sumByWindow(lastWeek, store, shiftMs),
    feeds: (await loadFeedStates(tx, [storeId])).get(storeId) ?? [],
  };
}

/** Reads the date of a business day that has begun; faults name the query's `date`. */
function readDateUpTo(today: string, date: string): string {
  const businessDate = readDate(date, "date");
  if (businessDate > today) {
    throw invalid("date", `lies ahead; the store's present business date is ${today}`);
  }
  return businessDate;
}

function viewWindow(row: DayWindowRow, businessDate: string, store: Store): LiveWindow {
  return {
    businessDate,
    start: row.window_start,
    channel: channelAt(row.channel),
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

/** Net in the store's currency per window of last week, moved to the same time of the business day shown. */
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

/** Why there is no forecast, in words; null where there is one. */
function reasonWithout(
  forecast: LiveForecast | undefined,
  day: Pick<LiveSnapshot, "isToday" | "lastSalesDate">,
): string | null {
  if (forecast !== undefined) return null;
  if (!day.isToday) return "No forecast was made for this day.";
  return day.lastSalesDate === null
    ? "There are no sales yet from which a forecast could be made."
    : "No forecast has been made for today yet.";
}
