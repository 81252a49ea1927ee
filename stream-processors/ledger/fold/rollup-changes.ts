import { WINDOW_MS, windowStartOf } from "@tillcast/schemas";
import { type Place, valueAt } from "./difference.ts";
import type { FoldedBatch } from "./fold-orders.ts";
import { addVector, isZeroVector, type MeasureVector, zeroVector } from "./measure-vector.ts";
import { moneyChanges, type OpenChange, type TenderChange } from "./money-changes.ts";
import type { Posted, PostedItem } from "./posted.ts";

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
  /** The channel's number, as the tables store it. */
  readonly channel: number;
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

/** What a batch adds to the item sales of one item in one hour. */
export interface ItemChange extends TouchedHourItem {
  quantity: bigint;
  gross: bigint;
  net: bigint;
}

interface TouchedHourItem {
  readonly storeId: string;
  readonly currency: string;
  readonly businessDate: string;
  readonly hourStart: number;
  readonly itemKey: string;
}

/** Sums a batch's postings per row of each tier: windows from entries, hours from windows, days from hours. */
export function rollupChanges(folded: Pick<FoldedBatch, "added" | "takenBack">): RollupChanges {
  const sums = makeSums();
  for (const posted of folded.added) addPosted(sums, posted, 1);
  for (const posted of folded.takenBack) addPosted(sums, posted, -1);
  for (const { hour, windows, hours } of sums.byHour) {
    const { days } = sums.dayOf(hour.storeId, hour.businessDate);
    for (const window of windows)
      addVector(rowOf(hours, window, hour.businessDate, hour.start).values, window.values);
    for (const row of hours) addVector(rowOf(days, row, hour.businessDate, 0).values, row.values);
  }
  return {
    // What an edit leaves as it was is taken back and added again; such rows need not be touched.
    byHour: sums.byHour.flatMap(({ hour, ...rows }) => {
      const windows = rows.windows.filter(isChange);
      const hours = rows.hours.filter(isChange);
      const items = rows.items.filter(({ quantity, gross, net }) => quantity || gross || net);
      const isTouched = windows.length + hours.length + items.length > 0;
      return isTouched ? [{ hour, windows, hours, items }] : [];
    }),
    days: sums.byDay.flatMap(({ days }) => days.filter(isChange)),
    ...moneyChanges(folded),
  };
}

// Not made anew for each batch: the engine optimized it eleven times in a run of 150,000 orders.
const isChange = ({ values }: RollupChange): boolean => !isZeroVector(values);

function addPosted(sums: Sums, posted: Posted, factor: 1 | -1): void {
  const { storeId } = posted;
  for (const { businessDate, hourStart, countedAt, values } of posted.entries) {
    const { windows } = sums.hourOf(storeId, businessDate, hourStart);
    const row = rowOf(windows, posted, businessDate, windowStartOf(countedAt, WINDOW_MS));
    addVector(row.values, values, factor);
  }
  for (const item of posted.items) {
    const row = sums.itemOf(posted, item);
    row.quantity += factor === 1 ? item.quantity : -item.quantity;
    row.gross += factor === 1 ? item.gross : -item.gross;
    row.net += factor === 1 ? item.net : -item.net;
  }
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
 * row's key together as one text took longer than all the sums. What is there is found without a closure,
 * which would be made anew for each posting.
 */
type Sums = ReturnType<typeof makeSums>;

function makeSums() {
  const byStore = new Map<string, Map<string, DaySums>>();
  const byDay: DaySums[] = [];
  const byHour: HourSums[] = [];
  let lastDay: DaySums | undefined;
  let lastHour: HourSums | undefined;

  function dayOf(storeId: string, businessDate: string): DaySums {
    if (lastDay?.businessDate === businessDate && lastDay.storeId === storeId) return lastDay;
    lastDay = byStore.get(storeId)?.get(businessDate) ?? makeDay(storeId, businessDate);
    lastHour = undefined;
    return lastDay;
  }

  function makeDay(storeId: string, businessDate: string): DaySums {
    const day: DaySums = { storeId, businessDate, hours: new Map(), days: [] };
    valueAt(byStore, storeId, () => new Map<string, DaySums>()).set(businessDate, day);
    byDay.push(day);
    return day;
  }

  function hourOf(storeId: string, businessDate: string, start: number): HourSums {
    const day = dayOf(storeId, businessDate);
    if (lastHour?.hour.start === start) return lastHour;
    lastHour = day.hours.get(start) ?? makeHour(day, start);
    return lastHour;
  }

  function makeHour(day: DaySums, start: number): HourSums {
    const hour = { storeId: day.storeId, businessDate: day.businessDate, start };
    const made: HourSums = { hour, windows: [], hours: [], items: [], itemsByKey: new Map() };
    day.hours.set(start, made);
    byHour.push(made);
    return made;
  }

  function itemOf({ storeId, currency }: Place, item: PostedItem): ItemChange {
    const { businessDate, hourStart, itemKey } = item;
    const { items, itemsByKey } = hourOf(storeId, businessDate, hourStart);
    const found = itemsByKey.get(itemKey);
    if (found?.currency === currency) return found;
    if (found !== undefined) {
      // A store that trades in two currencies: rare, and then few rows are searched.
      for (const row of items) {
        if (row.itemKey === itemKey && row.currency === currency) return row;
      }
    }
    const zero = { quantity: 0n, gross: 0n, net: 0n };
    const made = { storeId, currency, businessDate, hourStart, itemKey, ...zero };
    items.push(made);
    itemsByKey.set(itemKey, made);
    return made;
  }

  return { byDay, byHour, dayOf, hourOf, itemOf };
}

/** The row of a few that an amount belongs to, made when it is missing. */
function rowOf(
  rows: RollupChange[],
  { storeId, channel, currency }: Place,
  businessDate: string,
  start: number,
): RollupChange {
  for (const row of rows) {
    if (row.start === start && row.channel === channel && row.currency === currency) return row;
  }
  const made = { storeId, businessDate, start, channel, currency, values: zeroVector() };
  rows.push(made);
  return made;
}
