import {
  byteaArray,
  inTransaction,
  runStatement,
  type Statement,
  type Transaction,
} from "@tillcast/core/database";
import { measures } from "@tillcast/schemas";
import { currentFold, type Fold } from "@tillcast/stream-processors/ledger";
import type { Pool } from "pg";
import { compareHead } from "./compare-head.ts";
import { compareLedger, type StoredEntry } from "./compare-ledger.ts";
import type { Differences } from "./differences.ts";
import { type StoredHead, storedHeadColumns } from "./head-columns.ts";
import { type LeftNames, loadLeftNames } from "./names.ts";
import { type HeadPicture, postedOf, readHeads } from "./read-head.ts";
import { msOf } from "./readable.ts";

/** Orders per transaction. */
const ordersAtOnce = 1_000;

const selectHeads: Statement = {
  name: "verify-select-heads",
  text: `
    select ${storedHeadColumns("head")}, store.tenant_id as store_tenant_id
    from order_head head
    left join store using (store_id)
    where head.order_key > $1
    order by head.order_key
    limit $2`,
};

const selectLedger: Statement = {
  name: "verify-select-ledger-of-orders",
  text: `
    select entry_id, order_key, tenant_id, store_id, ${msOf("counted_at")} as counted_at, business_date,
           ${msOf("occurred_at")} as occurred_at, ${msOf("recorded_at")} as recorded_at, channel, currency,
           ${measures.join(", ")}
    from ledger_entry
    where order_key = any($1::bytea[])`,
};

interface HeadRow extends StoredHead {
  readonly store_tenant_id: string | null;
}

/** The counts of the pass over the orders. */
export interface VerifiedOrders {
  readonly orders: number;
  readonly ledgerEntries: number;
  /** Heads that an older fold posted. They are no fault, and `refold` updates them. */
  readonly olderFold: number;
}

/**
 * Compares every order's head with its snapshot, and its postings with its ledger entries, slice by slice. The pass
 * over business days finds entries without a head.
 */
export async function verifyOrders(
  pool: Pool,
  differences: Differences,
  onSlice: (orders: number) => void,
  fold: Fold,
): Promise<VerifiedOrders> {
  const counted = { orders: 0, ledgerEntries: 0, olderFold: 0 };
  for (let after: Buffer | undefined = Buffer.alloc(0); after !== undefined; ) {
    const slice: VerifiedSlice = await verifyOrderSlice(
      pool,
      after,
      ordersAtOnce,
      differences,
      fold,
    );
    counted.orders += slice.orders;
    counted.olderFold += slice.olderFold;
    counted.ledgerEntries += slice.ledgerEntries;
    onSlice(counted.orders);
    after = slice.next;
  }
  return counted;
}

/** The counts of one slice, and the key after which the next one starts; undefined at the end. */
export interface VerifiedSlice extends VerifiedOrders {
  readonly next: Buffer | undefined;
}

/**
 * Compares up to `maxCount` orders after a key with their snapshots and ledger entries, in one short transaction that
 * reads heads and ledger at the same instant.
 */
export async function verifyOrderSlice(
  pool: Pool,
  after: Buffer,
  maxCount: number,
  differences: Differences,
  fold: Fold = currentFold,
): Promise<VerifiedSlice> {
  const { heads, pictures, ledger, leftNames } = await inTransaction(
    pool,
    (tx) => loadSlice(tx, after, maxCount, fold),
    { isolation: "repeatable read", readOnly: true },
  );
  const byOrder = Map.groupBy(ledger, (entry) => entry.order_key.toString("latin1"));
  for (const [index, picture] of pictures.entries()) {
    const { head } = picture;
    const owner = { storeTenantId: heads[index]?.store_tenant_id ?? null, leftNames };
    compareHead(picture, owner, fold.revision, differences);
    const entries = byOrder.get(head.order_key.toString("latin1")) ?? [];
    compareLedger(head, postedOf(picture), entries, differences);
  }
  return {
    orders: heads.length,
    olderFold: heads.filter((head) => head.fold_revision < fold.revision).length,
    ledgerEntries: ledger.length,
    next: heads.length < maxCount ? undefined : heads.at(-1)?.order_key,
  };
}

interface Slice {
  readonly heads: readonly HeadRow[];
  /** One for each head. */
  readonly pictures: readonly HeadPicture[];
  readonly ledger: readonly StoredEntry[];
  readonly leftNames: LeftNames;
}

async function loadSlice(
  tx: Transaction,
  after: Buffer,
  maxCount: number,
  fold: Fold,
): Promise<Slice> {
  const heads = (await runStatement<HeadRow>(tx, selectHeads, [after, maxCount])).rows;
  const orderKeys = byteaArray(heads.map((head) => head.order_key));
  const ledger = (await runStatement<StoredEntry>(tx, selectLedger, [orderKeys])).rows;
  const pictures = await readHeads(tx, heads, fold);
  return { heads, pictures, ledger, leftNames: await loadLeftNames(tx, pictures) };
}
