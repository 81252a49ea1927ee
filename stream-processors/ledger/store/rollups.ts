import {
  dateArray,
  int2Array,
  int8Array,
  runStatement,
  type Statement,
  type Transaction,
  textArray,
  timestamptzArray,
  uuidArray,
} from "@tillcast/core";
import { measures, type SalesWindow } from "@tillcast/schemas";
import type { RollupChange } from "../fold/rollup-changes.ts";
import { channelAt, channelNumber } from "./channel-number.ts";
import {
  addMeasures,
  measureArrays,
  measureColumns,
  measureParameters,
} from "./measure-columns.ts";

/** Versions of the stores that a batch touches, and whose they are. */
export type StampOf = (storeId: string) => { readonly tenantId: string; readonly seq: bigint };

const timedTier = (table: "rollup_15m" | "rollup_hour", returning: string): Statement => ({
  name: `ledger-upsert-${table}`,
  text: `
    insert into ${table} (store_id, business_date, window_start, channel, currency, tenant_id, seq,
      ${measureColumns})
    select * from unnest($1::uuid[], $2::date[], $3::timestamptz[], $4::smallint[], $5::text[],
      $6::uuid[], $7::bigint[], ${measureParameters(8)})
    on conflict (store_id, business_date, window_start, channel, currency) do update
    set seq = excluded.seq, ${addMeasures(table)}
    ${returning}`,
});

const upsertWindows = timedTier(
  "rollup_15m",
  `returning store_id, business_date, window_start, channel, currency, ${measureColumns}`,
);
const upsertHours = timedTier("rollup_hour", "");

const upsertDays: Statement = {
  name: "ledger-upsert-rollup_day",
  text: `
    insert into rollup_day (store_id, business_date, channel, currency, tenant_id, seq, ${measureColumns})
    select * from unnest($1::uuid[], $2::date[], $3::smallint[], $4::text[], $5::uuid[],
      $6::bigint[], ${measureParameters(7)})
    on conflict (store_id, business_date, channel, currency) do update
    set seq = excluded.seq, ${addMeasures("rollup_day")}`,
};

type WindowRow = Record<(typeof measures)[number], bigint> & {
  readonly store_id: string;
  readonly business_date: string;
  readonly window_start: number;
  readonly channel: number;
  readonly currency: string;
};

/** A touched 15-minute window, whole, as it stands after the batch. */
export interface TouchedWindow {
  readonly storeId: string;
  readonly window: SalesWindow;
}

/** Adds a batch to the 15-minute windows and answers each touched one whole. */
export async function addToWindows(
  tx: Transaction,
  changes: readonly RollupChange[],
  stampOf: StampOf,
): Promise<TouchedWindow[]> {
  if (changes.length === 0) return [];
  const { rows } = await runStatement<WindowRow>(
    tx,
    upsertWindows,
    timedParameters(changes, stampOf),
  );
  return rows.map((row) => ({
    storeId: row.store_id,
    window: {
      businessDate: row.business_date,
      start: row.window_start,
      channel: channelAt(row.channel),
      currency: row.currency,
      values: measures.map((measure) => row[measure]),
    },
  }));
}

/** Adds a batch to the hourly tier. */
export async function addToHours(
  tx: Transaction,
  changes: readonly RollupChange[],
  stampOf: StampOf,
): Promise<void> {
  if (changes.length > 0) await runStatement(tx, upsertHours, timedParameters(changes, stampOf));
}

/** Adds a batch to the business days. */
export async function addToDays(
  tx: Transaction,
  changes: readonly RollupChange[],
  stampOf: StampOf,
): Promise<void> {
  if (changes.length === 0) return;
  const { stores, dates, channels, currencies, tenants, seqs } = keyArrays(changes, stampOf);
  const keys = [stores, dates, channels, currencies, tenants, seqs];
  await runStatement(tx, upsertDays, [...keys, ...measureArrays(changes)]);
}

function timedParameters(changes: readonly RollupChange[], stampOf: StampOf): Buffer[] {
  const { stores, dates, channels, currencies, tenants, seqs } = keyArrays(changes, stampOf);
  const starts = timestamptzArray(changes.map((change) => change.start));
  return [stores, dates, starts, channels, currencies, tenants, seqs, ...measureArrays(changes)];
}

function keyArrays(changes: readonly RollupChange[], stampOf: StampOf) {
  const stamps = changes.map((change) => stampOf(change.storeId));
  return {
    stores: uuidArray(changes.map((change) => change.storeId)),
    dates: dateArray(changes.map((change) => change.businessDate)),
    channels: int2Array(changes.map((change) => channelNumber(change.channel))),
    currencies: textArray(changes.map((change) => change.currency)),
    tenants: uuidArray(stamps.map((stamp) => stamp.tenantId)),
    seqs: int8Array(stamps.map((stamp) => stamp.seq)),
  };
}
