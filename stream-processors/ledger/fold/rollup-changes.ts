import { type OrderChannel, WINDOW_MS, windowStartOf } from "@tillcast/schemas";
import {
  type EntryChange,
  type ItemChange,
  type OpenChange,
  type TenderChange,
  valueAt,
} from "./difference.ts";
import { addVector, type MeasureVector, zeroVector } from "./measure-vector.ts";

/** What a batch adds to one row of a rollup. `start` is absent in the daily tier. */
export interface RollupChange {
  readonly storeId: string;
  readonly businessDate: string;
  readonly start: number;
  readonly channel: OrderChannel;
  readonly currency: string;
  readonly values: MeasureVector;
}

/** What a batch adds to each table, one change per row. */
export interface RollupChanges {
  readonly windows: readonly RollupChange[];
  readonly hours: readonly RollupChange[];
  readonly days: readonly RollupChange[];
  readonly items: readonly ItemChange[];
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

/** Sums a batch's changes per row of each tier: windows from entries, hours and days from windows. */
export function rollupChanges(changes: Changes): RollupChanges {
  const windows = new Map<string, RollupChange & { hourStart: number }>();
  for (const {
    storeId,
    businessDate,
    countedAt,
    hourStart,
    channel,
    currency,
    values,
  } of changes.entries) {
    const start = windowStartOf(countedAt, WINDOW_MS);
    const key = `${storeId}${businessDate}${start}${channel}${currency}`;
    const window = valueAt(windows, key, () => ({
      storeId,
      businessDate,
      start,
      hourStart,
      channel,
      currency,
      values: zeroVector(),
    }));
    addVector(window.values, values);
  }
  return {
    windows: [...windows.values()],
    hours: coarser([...windows.values()], (window) => window.hourStart),
    days: coarser([...windows.values()], () => 0),
    items: summedItems(changes.items),
    tenders: summedTenders(changes.tenders),
    open: summedOpen(changes.open),
  };
}

function coarser<Finer extends RollupChange>(
  finer: readonly Finer[],
  startOf: (row: Finer) => number,
): RollupChange[] {
  const rows = new Map<string, RollupChange>();
  for (const row of finer) {
    const { storeId, businessDate, channel, currency } = row;
    const start = startOf(row);
    const key = `${storeId}${businessDate}${start}${channel}${currency}`;
    const sum = valueAt(rows, key, () => ({
      storeId,
      businessDate,
      start,
      channel,
      currency,
      values: zeroVector(),
    }));
    addVector(sum.values, row.values);
  }
  return [...rows.values()];
}

function summedItems(items: readonly ItemChange[]): ItemChange[] {
  const rows = new Map<string, ItemChange>();
  for (const item of items) {
    const key = `${item.storeId}${item.businessDate}${item.hourStart}${item.currency}${item.itemKey}`;
    const row = valueAt(rows, key, () => ({ ...item, quantity: 0n, gross: 0n, net: 0n }));
    row.quantity += item.quantity;
    row.gross += item.gross;
    row.net += item.net;
  }
  return [...rows.values()];
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
