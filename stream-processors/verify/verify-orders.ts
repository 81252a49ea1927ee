import {
  byteaArray,
  inTransaction,
  runStatement,
  type Statement,
  type Transaction,
} from "@tillcast/core";
import { channelText, measures } from "@tillcast/schemas";
import type { Pool } from "pg";
import { currentFold } from "../ledger/fold/fold.ts";
import { postedCodec } from "../ledger/fold/posted.ts";
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
    limit $2`,
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
 * Compares every order's posted entries with the sum of its ledger entries, slice by slice. Entries without
 * any head are found with their business day.
 */
export async function verifyOrders(
  pool: Pool,
  differences: Differences,
  onSlice: (orders: number) => void,
  foldRevision: number,
): Promise<VerifiedOrders> {
  const counted = { orders: 0, ledgerEntries: 0, olderFold: 0 };
  for (let after: Buffer | undefined = Buffer.alloc(0); after !== undefined; ) {
    const slice: VerifiedSlice = await verifyOrderSlice(
      pool,
      after,
      ordersAtOnce,
      differences,
      foldRevision,
    );
    counted.orders += slice.orders;
    counted.olderFold += slice.olderFold;
    counted.ledgerEntries += slice.ledgerEntries;
    onSlice(counted.orders);
    after = slice.next;
  }
  return counted;
}

/** What one slice counted, and the order key behind which the next one begins; undefined at the last. */
export interface VerifiedSlice extends VerifiedOrders {
  readonly next: Buffer | undefined;
}

/**
 * Compares up to `maxCount` orders behind an order key with their ledger entries, in one short transaction
 * that sees heads and ledger at the same instant.
 */
export async function verifyOrderSlice(
  pool: Pool,
  after: Buffer,
  maxCount: number,
  differences: Differences,
  foldRevision: number = currentFold.revision,
): Promise<VerifiedSlice> {
  const { heads, ledger } = await inTransaction(pool, (tx) => loadSlice(tx, after, maxCount), {
    isolation: "repeatable read",
    readOnly: true,
  });
  compareSlice({ heads, ledger }, differences);
  return {
    orders: heads.length,
    olderFold: heads.filter((head) => head.fold_revision < foldRevision).length,
    ledgerEntries: ledger.reduce((sum, row) => sum + Number(row.entries), 0),
    next: heads.length < maxCount ? undefined : heads.at(-1)?.order_key,
  };
}

interface Slice {
  readonly heads: readonly HeadRow[];
  readonly ledger: readonly LedgerRow[];
}

async function loadSlice(tx: Transaction, after: Buffer, maxCount: number): Promise<Slice> {
  const heads = (await runStatement<HeadRow>(tx, selectHeads, [after, maxCount])).rows;
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
        channelText(posted.channel),
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
      channelText(row.channel),
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
