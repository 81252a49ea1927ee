import {
  byteaArray,
  inTransaction,
  runStatement,
  type Statement,
  type Transaction,
} from "@tillcast/core";
import { measures } from "@tillcast/schemas";
import type { Pool } from "pg";
import { FOLD_REVISION, postedCodec } from "../ledger/fold/posted.ts";
import { channelAt } from "../ledger/store/channel-number.ts";
import { addToRow, compareRows, type Differences } from "./differences.ts";

/** Orders compared in one short transaction. */
const ordersAtOnce = 2_000;

const selectHeads: Statement = {
  name: "verify-select-heads",
  text: `
    select order_key, source, account_id, order_id, store_id, fold_revision, posted
    from order_head
    where order_key > $1
    order by order_key
    limit ${ordersAtOnce}`,
};

const selectLedger: Statement = {
  name: "verify-select-ledger-of-orders",
  text: `
    select order_key, store_id, counted_at, business_date, channel, currency, count(*) as entries,
           ${measures.map((name) => `sum(${name})::bigint as ${name}`).join(", ")}
    from ledger_entry
    where order_key = any($1::bytea[])
    group by order_key, store_id, counted_at, business_date, channel, currency`,
};

interface HeadRow {
  readonly order_key: Buffer;
  readonly source: string;
  readonly account_id: string;
  readonly order_id: string;
  readonly store_id: string;
  readonly fold_revision: number;
  readonly posted: Buffer;
}

type LedgerRow = Record<(typeof measures)[number], bigint> & {
  readonly order_key: Buffer;
  readonly store_id: string;
  readonly counted_at: number;
  readonly business_date: string;
  readonly channel: number;
  readonly currency: string;
  readonly entries: bigint;
};

/** What the pass over the orders counted. */
export interface VerifiedOrders {
  readonly orders: number;
  readonly ledgerEntries: number;
  /** Heads that an older fold posted; no fault, `refold` brings them up to date. */
  readonly olderFold: number;
}

/**
 * Compares every order's posted entries with the sum of its ledger entries, in slices of the order key,
 * each in one short transaction that sees heads and ledger at the same instant. Entries without any head
 * are found with their business day.
 */
export async function verifyOrders(
  pool: Pool,
  differences: Differences,
  onSlice: (orders: number) => void,
): Promise<VerifiedOrders> {
  const counted = { orders: 0, ledgerEntries: 0, olderFold: 0 };
  let after: Buffer = Buffer.alloc(0);
  for (let last = false; !last; ) {
    const slice = await inTransaction(pool, (tx) => loadSlice(tx, after), {
      isolation: "repeatable read",
      readOnly: true,
    });
    compareSlice(slice, differences);
    counted.orders += slice.heads.length;
    counted.olderFold += slice.heads.filter((head) => head.fold_revision !== FOLD_REVISION).length;
    counted.ledgerEntries += slice.ledger.reduce((sum, row) => sum + Number(row.entries), 0);
    onSlice(counted.orders);
    last = slice.heads.length < ordersAtOnce;
    after = slice.heads.at(-1)?.order_key ?? after;
  }
  return counted;
}

interface Slice {
  readonly heads: readonly HeadRow[];
  readonly ledger: readonly LedgerRow[];
}

async function loadSlice(tx: Transaction, after: Buffer): Promise<Slice> {
  const heads = (await runStatement<HeadRow>(tx, selectHeads, [after])).rows;
  const orderKeys = byteaArray(heads.map((head) => head.order_key));
  const ledger = (await runStatement<LedgerRow>(tx, selectLedger, [orderKeys])).rows;
  return { heads, ledger };
}

function compareSlice({ heads, ledger }: Slice, differences: Differences): void {
  const names = new Map(heads.map((head) => [head.order_key.toString("hex"), nameOf(head)]));
  const expected = new Map<string, Record<string, bigint>>();
  const found = new Map<string, Record<string, bigint>>();
  for (const head of heads) {
    const posted = postedCodec.decode(head.posted);
    for (const { countedAt, businessDate, values } of posted.entries) {
      const key = keyOf(
        nameOf(head),
        posted.storeId,
        countedAt,
        businessDate,
        posted.channel,
        posted.currency,
      );
      addToRow(
        expected,
        key,
        Object.fromEntries(measures.map((name, index) => [name, values[index] ?? 0n])),
      );
    }
  }
  for (const row of ledger) {
    const orderKey = row.order_key.toString("hex");
    const key = keyOf(
      names.get(orderKey) ?? orderKey,
      row.store_id,
      row.counted_at,
      row.business_date,
      channelAt(row.channel),
      row.currency,
    );
    addToRow(found, key, Object.fromEntries(measures.map((measure) => [measure, row[measure]])));
  }
  compareRows("ledger_entry", expected, found, differences);
}

const nameOf = (head: HeadRow): string => `${head.source}/${head.account_id}/${head.order_id}`;

const keyOf = (
  name: string,
  storeId: string,
  countedAt: number,
  businessDate: string,
  channel: string,
  currency: string,
): string =>
  `order ${name}, store ${storeId}, counted ${new Date(countedAt).toISOString()}, business date ${businessDate}, ${channel}, ${currency}`;
