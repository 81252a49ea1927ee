import {
  type ColumnStatement,
  columnStatement,
  dateColumn,
  int2Column,
  int8Column,
  runColumns,
  type Transaction,
  textColumn,
  timestamptzColumn,
  uuidColumn,
} from "@tillcast/core/database";
import { channelAt, measures, type SalesWindow } from "@tillcast/schemas";
import type { RollupChange } from "../fold/rollup-changes.ts";
import {
  addMeasures,
  measureColumns,
  measureParameters,
  measureValues,
} from "./measure-columns.ts";
import type { Stamped } from "./stamped.ts";

type Row = Stamped<RollupChange>;

const start = { window_start: timestamptzColumn(({ change }: Row) => change.start) };
const keys = {
  store_id: uuidColumn(({ change }: Row) => change.storeId),
  business_date: dateColumn(({ change }: Row) => change.businessDate),
  channel: int2Column(({ change }: Row) => change.channel),
  currency: textColumn(({ change }: Row) => change.currency),
};
const stamps = {
  tenant_id: uuidColumn(({ stamp }: Row) => stamp.tenantId),
  seq: int8Column(({ stamp }: Row) => stamp.seq),
};
const values = measureParameters(({ change }: Row) => change.values);

/** How the rows of one table are added. */
interface Tier {
  /** For rows that are not there; fails where one is. */
  readonly insert: ColumnStatement<Row>;
  /** For rows that may be there. */
  readonly upsert: ColumnStatement<Row>;
  /** The same, and answers each row whole. */
  readonly upsertReturning: ColumnStatement<Row>;
}

function tierOf(table: string, keyColumns: typeof keys): Tier {
  const key = Object.keys(keyColumns).join(", ");
  const columns = { ...keyColumns, ...stamps, ...values };
  const named = `${key}, tenant_id, seq`;
  const insert = (source: string) => `
    insert into ${table} (${named}, ${measureColumns})
    select ${named}, ${measureValues} from ${source}`;
  const upsert = (source: string) => `${insert(source)}
    on conflict (${key}) do update
    set seq = excluded.seq, ${addMeasures(table)}`;
  const returning = (source: string) => `${upsert(source)}
    returning ${key}, ${measureColumns}`;
  return {
    insert: columnStatement(`ledger-insert-${table}`, columns, insert),
    upsert: columnStatement(`ledger-upsert-${table}`, columns, upsert),
    upsertReturning: columnStatement(`ledger-upsert-returning-${table}`, columns, returning),
  };
}

const tiers = {
  rollup_15m: tierOf("rollup_15m", { ...start, ...keys }),
  rollup_hour: tierOf("rollup_hour", { ...start, ...keys }),
  rollup_day: tierOf("rollup_day", keys),
};

/** A 15-minute window, whole, as it stands after the batch. */
export interface TouchedWindow {
  readonly storeId: string;
  readonly window: SalesWindow;
}

/** Inserts rows of which none is there. */
export async function insertRows(
  tx: Transaction,
  tier: keyof typeof tiers,
  rows: readonly Row[],
): Promise<void> {
  if (rows.length > 0) await runColumns(tx, tiers[tier].insert, rows);
}

/** Adds to rows, and inserts those that are missing. */
export async function addToRows(
  tx: Transaction,
  tier: keyof typeof tiers,
  rows: readonly Row[],
): Promise<void> {
  if (rows.length > 0) await runColumns(tx, tiers[tier].upsert, rows);
}

type WindowRow = Record<(typeof measures)[number], bigint> & {
  readonly store_id: string;
  readonly business_date: string;
  readonly window_start: number;
  readonly channel: number;
  readonly currency: string;
};

/** Adds to 15-minute windows and answers each one whole. */
export async function addToWindows(
  tx: Transaction,
  changes: readonly Row[],
): Promise<TouchedWindow[]> {
  if (changes.length === 0) return [];
  const { rows } = await runColumns<Row, WindowRow>(tx, tiers.rollup_15m.upsertReturning, changes);
  return rows.map((row) => ({
    storeId: row.store_id,
    window: windowOf({
      businessDate: row.business_date,
      start: row.window_start,
      channel: row.channel,
      currency: row.currency,
      values: measures.map((measure) => row[measure]),
    }),
  }));
}

/** A window that is new is whole as its change is. */
export const newWindow = ({ change }: Row): TouchedWindow => {
  const { storeId, businessDate, start: windowStart, channel, currency } = change;
  return {
    storeId,
    window: windowOf({
      businessDate,
      start: windowStart,
      channel,
      currency,
      values: [...change.values],
    }),
  };
};

/** A window with its channel's word, and its number where this release has no word for it. */
const windowOf = (row: Omit<SalesWindow, "channel" | "channelNumber"> & { channel: number }) => ({
  ...row,
  channel: channelAt(row.channel),
  channelNumber: row.channel,
});
