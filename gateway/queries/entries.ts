import { dateArray, type Transaction } from "@tillcast/core/database";
import { loadSnapshotDecoders, type SnapshotDecoders, snapshotOf } from "@tillcast/core/orders";
import {
  type ChargeKind,
  channelAt,
  channelNumber,
  chargeKinds,
  chargeMeasure,
  composeNet,
  type EntriesResponse,
  type EntryRow,
  type Measures,
  WINDOW_MS,
  windowStartOf,
  zeroMeasures,
} from "@tillcast/schemas";
import { type EntriesSelection, writePlace } from "../sales/entries-selection.ts";
import { entryKindOf } from "../sales/entry-kind.ts";
import { plainMeasures, summedMeasures } from "./measure-columns.ts";
import { viewOrder } from "./order-snapshots.ts";
import { type Parameter, selectRows } from "./select-rows.ts";
import { shownChannel } from "./shown-channel.ts";
import type { Store } from "./stores.ts";

interface LedgerRow extends Measures {
  readonly entry_id: Buffer;
  readonly counted_at: number;
  readonly business_date: string;
  readonly recorded_at: number;
  readonly channel: number;
  readonly currency: string;
  readonly is_first: boolean;
  readonly schema_fingerprint: Buffer;
  readonly snapshot: Buffer;
}

/**
 * The ledger is indexed by business date. Which dates a range of instants touches, the windows know:
 * a vendor's business date may be far from the instant.
 */
const selectBusinessDates = `
select distinct business_date
from rollup_15m
where store_id = $1
  and window_start >= $2
  and window_start < $3`;

const selection = `
  r.store_id = $1
  and r.business_date = any($2::date[])
  and ($3::timestamptz is null or r.counted_at >= $3)
  and ($4::timestamptz is null or r.counted_at < $4)
  and ($5::smallint is null or ${shownChannel} = $5)
  and ($6::text is null or r.currency = $6)`;

const selectTotal = `
select
  count(*)::int as entries,
  ${summedMeasures}
from ledger_entry r
where ${selection}`;

/**
 * An entry is of a later picture where its order has one that was recorded before it; the head knows between
 * which instants its order has entries.
 */
const selectEntries = `
select
  r.entry_id,
  r.counted_at,
  r.business_date,
  r.recorded_at,
  r.channel,
  r.currency,
  ${plainMeasures},
  not exists (
    select from ledger_entry earlier
    where earlier.order_key = r.order_key
      and earlier.counted_at between h.posted_from and h.posted_to
      and earlier.recorded_at < r.recorded_at
  ) as is_first,
  h.schema_fingerprint,
  h.snapshot
from ledger_entry r
join order_head h on h.order_key = r.order_key
where ${selection}
  and ($7::timestamptz is null or (r.counted_at, r.entry_id) > ($7, $8::bytea))
order by r.counted_at, r.entry_id
limit $9`;

/**
 * One page of the ledger entries of a selection with the orders behind them, and the sum of the whole
 * selection. Needs a transaction in which both are one picture.
 */
export async function loadEntries(
  tx: Transaction,
  store: Store,
  selected: EntriesSelection,
): Promise<EntriesResponse> {
  const values = await selectionValues(tx, store, selected);
  const [sum] = await selectRows<Measures & { entries: number }>(tx, selectTotal, values);
  const rows = await selectRows<LedgerRow>(tx, selectEntries, [
    ...values,
    selected.after === null ? null : new Date(selected.after.countedAtMs),
    selected.after === null ? null : Buffer.from(selected.after.entryId, "hex"),
    selected.limit + 1,
  ]);
  const page = rows.slice(0, selected.limit);
  const decoders = await loadSnapshotDecoders(tx, page);
  const last = rows.length > selected.limit ? page.at(-1) : undefined;
  return {
    storeId: store.storeId,
    total: viewTotal(sum, store),
    entries: page.map((row) => viewEntry(row, store, decoders)),
    nextCursor:
      last === undefined
        ? null
        : writePlace({ countedAtMs: last.counted_at, entryId: last.entry_id.toString("hex") }),
  };
}

async function selectionValues(
  tx: Transaction,
  store: Store,
  { businessDate, range, channel, currency }: EntriesSelection,
): Promise<Parameter[]> {
  const dates =
    businessDate === null && range !== null
      ? await datesOfRange(tx, store.storeId, range)
      : [businessDate];
  return [
    store.storeId,
    dateArray(dates),
    range === null ? null : new Date(range.startMs),
    range === null ? null : new Date(range.endMs),
    channel === null ? null : channelNumber(channel),
    currency,
  ];
}

async function datesOfRange(
  tx: Transaction,
  storeId: string,
  range: { readonly startMs: number; readonly endMs: number },
): Promise<string[]> {
  const rows = await selectRows<{ business_date: string }>(tx, selectBusinessDates, [
    storeId,
    new Date(windowStartOf(range.startMs, WINDOW_MS)),
    new Date(range.endMs),
  ]);
  return rows.map((row) => row.business_date);
}

/** Sums over no entry at all are null. */
function viewTotal(
  sum: (Measures & { readonly entries: number }) | undefined,
  store: Store,
): EntriesResponse["total"] {
  const known = sum === undefined || sum.entries === 0 ? zeroMeasures() : sum;
  return {
    ...viewSums(known, store.netCharges),
    orders: Number(known.orders),
    entries: sum?.entries ?? 0,
  };
}

function viewEntry(row: LedgerRow, store: Store, decoders: SnapshotDecoders): EntryRow {
  const order = snapshotOf(decoders, row);
  return {
    entryId: row.entry_id.toString("hex"),
    countedAt: new Date(row.counted_at).toISOString(),
    businessDate: row.business_date,
    recordedAt: new Date(row.recorded_at).toISOString(),
    channel: channelAt(row.channel),
    currency: row.currency,
    kind: entryKindOf({ isFirst: row.is_first, countedAt: row.counted_at, values: row, order }),
    ...viewSums(row, store.netCharges),
    orders: Number(row.orders),
    order: viewOrder(order),
  };
}

/** The parts that net is the sum of, and those that it leaves out. */
function viewSums(row: Measures, netCharges: readonly ChargeKind[]) {
  const chargesOf = (kinds: readonly ChargeKind[]): bigint =>
    kinds.reduce((sum, kind) => sum + row[chargeMeasure(kind)], 0n);
  const apart = chargeKinds.filter((kind) => kind !== "rounding" && !netCharges.includes(kind));
  return {
    net: composeNet(row, netCharges).toString(),
    gross: row.gross.toString(),
    discount: row.discount.toString(),
    includedTax: (row.gross - row.discount - row.net).toString(),
    charges: chargesOf(netCharges).toString(),
    otherCharges: chargesOf(apart).toString(),
    rounding: row[chargeMeasure("rounding")].toString(),
    refund: row.refund.toString(),
    void: row.void.toString(),
    tax: row.tax.toString(),
    tip: row.tip.toString(),
    unreconciled: row.unreconciled.toString(),
  };
}
