import { type OrderChannel, WINDOW_MS, windowStartOf } from "@tillcast/schemas";
import {
  type EntryChange,
  type ItemChange,
  type OpenChange,
  type TenderChange,
  valueAt,
} from "./difference.ts";
import { addVector, type MeasureVector, zeroVector } from "./measure-vector.ts";

/** One local hour of one store's business day in which a batch changes something. */
export interface TouchedHour {
  readonly storeId: string;
  readonly businessDate: string;
  readonly start: number;
}

/** What a batch adds to one row of a rollup. `start` is 0 in the daily tier. */
export interface RollupChange {
  readonly storeId: string;
  readonly businessDate: string;
  readonly start: number;
  readonly channel: OrderChannel;
  readonly currency: string;
  readonly values: MeasureVector;
}

/** What a batch adds within one hour, one change per row. */
export interface HourChanges {
  readonly hour: TouchedHour;
  readonly windows: RollupChange[];
  readonly hours: RollupChange[];
  readonly items: ItemChange[];
}

/** What a batch adds to each table, one change per row. */
export interface RollupChanges {
  readonly byHour: readonly HourChanges[];
  readonly days: readonly RollupChange[];
  readonly tenders: readonly TenderChange[];
  readonly open: readonly OpenChange[];
}

/** The changes of one batch before they are summed per row. */
export interface Changes {
  readonly entries: readonly EntryChange[];
  readonly items: readonly ItemChange[];
  readonly tenders: readonly TenderChange[];
  readonly open: readonly OpenChange[];
}

/** Sums a batch's changes per row of each tier: windows from entries, hours from windows, days from hours. */
export function rollupChanges(changes: Changes): RollupChanges {
  const sums = makeSums();
  for (const entry of changes.entries) {
    const { windows } = sums.hourOf(entry.storeId, entry.businessDate, entry.hourStart);
    const start = windowStartOf(entry.countedAt, WINDOW_MS);
    addVector(rowOf(windows, entry, start).values, entry.values);
  }
  for (const item of changes.items) {
    const row = sums.itemOf(item);
    row.quantity += item.quantity;
    row.gross += item.gross;
    row.net += item.net;
  }
  for (const { hour, windows, hours } of sums.byHour) {
    const { days } = sums.dayOf(hour.storeId, hour.businessDate);
    for (const window of windows) addVector(rowOf(hours, window, hour.start).values, window.values);
    for (const row of hours) addVector(rowOf(days, row, 0).values, row.values);
  }
  return {
    byHour: sums.byHour,
    days: sums.byDay.flatMap(({ days }) => days),
    tenders: summedTenders(changes.tenders),
    open: summedOpen(changes.open),
  };
}

/** First and last of an hour's touched windows; the hour's start where only items change. */
export function windowSpan({ hour, windows }: HourChanges): {
  readonly from: number;
  readonly to: number;
} {
  let [from, to] = [hour.start, hour.start];
  windows.forEach(({ start }, index) => {
    from = index === 0 ? start : Math.min(from, start);
    to = Math.max(to, start);
  });
  return { from, to };
}

interface HourSums extends HourChanges {
  readonly itemsByKey: Map<string, ItemChange>;
}

interface DaySums {
  readonly storeId: string;
  readonly businessDate: string;
  readonly hours: Map<number, HourSums>;
  readonly days: RollupChange[];
}

/**
 * Rows by store, business date and hour. Maps within maps, and the day and hour found last: putting each
 * row's key together as one text took longer than all the sums.
 */
function makeSums() {
  const byStore = new Map<string, Map<string, DaySums>>();
  const byDay: DaySums[] = [];
  const byHour: HourSums[] = [];
  let lastDay: DaySums | undefined;
  let lastHour: HourSums | undefined;

  function dayOf(storeId: string, businessDate: string): DaySums {
    if (lastDay?.businessDate === businessDate && lastDay.storeId === storeId) return lastDay;
    const ofStore = valueAt(byStore, storeId, () => new Map<string, DaySums>());
    lastDay = valueAt(ofStore, businessDate, () => {
      const day: DaySums = { storeId, businessDate, hours: new Map(), days: [] };
      byDay.push(day);
      return day;
    });
    lastHour = undefined;
    return lastDay;
  }

  function hourOf(storeId: string, businessDate: string, start: number): HourSums {
    const day = dayOf(storeId, businessDate);
    if (lastHour?.hour.start === start) return lastHour;
    lastHour = valueAt(day.hours, start, () => {
      const hour = { storeId, businessDate, start };
      const made = { hour, windows: [], hours: [], items: [], itemsByKey: new Map() };
      byHour.push(made);
      return made;
    });
    return lastHour;
  }

  function itemOf(item: ItemChange): ItemChange {
    const { items, itemsByKey } = hourOf(item.storeId, item.businessDate, item.hourStart);
    const found = itemsByKey.get(item.itemKey);
    if (found?.currency === item.currency) return found;
    // A store that trades in two currencies: rare, and then few rows are searched.
    const other =
      found && items.find((row) => row.itemKey === item.itemKey && row.currency === item.currency);
    if (other !== undefined) return other;
    const made = { ...item, quantity: 0n, gross: 0n, net: 0n };
    items.push(made);
    itemsByKey.set(item.itemKey, made);
    return made;
  }

  return { byDay, byHour, dayOf, hourOf, itemOf };
}

/** The row of a few that an amount belongs to, made when it is missing. */
function rowOf(
  rows: RollupChange[],
  { storeId, businessDate, channel, currency }: Omit<RollupChange, "start">,
  start: number,
): RollupChange {
  for (const row of rows) {
    if (row.start === start && row.channel === channel && row.currency === currency) return row;
  }
  const made = { storeId, businessDate, start, channel, currency, values: zeroVector() };
  rows.push(made);
  return made;
}

function summedTenders(tenders: readonly TenderChange[]): TenderChange[] {
  const rows = new Map<string, TenderChange>();
  for (const tender of tenders) {
    const key = `${tender.storeId}${tender.businessDate}${tender.currency}${tender.method}`;
    const row = valueAt(rows, key, () => ({
      ...tender,
      amount: 0n,
      tip: 0n,
      refunded: 0n,
      payments: 0n,
    }));
    row.amount += tender.amount;
    row.tip += tender.tip;
    row.refunded += tender.refunded;
    row.payments += tender.payments;
  }
  return [...rows.values()];
}

function summedOpen(open: readonly OpenChange[]): OpenChange[] {
  const rows = new Map<string, OpenChange>();
  for (const change of open) {
    const row = valueAt(rows, `${change.storeId}${change.currency}`, () => ({
      ...change,
      amount: 0n,
      orders: 0n,
    }));
    row.amount += change.amount;
    row.orders += change.orders;
  }
  return [...rows.values()];
}
