import {
  loadSnapshotDecoders,
  runStatement,
  type Statement,
  snapshotOf,
  type Transaction,
} from "@tillcast/core";
import type { OrderSnapshot } from "@tillcast/schemas";
import type { NewHead } from "../ledger/fold/fold-orders.ts";
import { type HeadRow, headColumns, headOf } from "../ledger/store/order-heads.ts";

/** A head that an older fold posted, with its order. */
export interface OlderHead {
  readonly head: Omit<NewHead, "readRevision">;
  readonly snapshot: OrderSnapshot;
}

/** A stretch of heads in the order of their keys. */
export interface OlderHeads {
  readonly older: readonly OlderHead[];
  /** Heads looked at. */
  readonly seen: number;
  /** The last key looked at; null at the end of the table. */
  readonly last: Buffer | null;
}

interface StoredHeadRow extends HeadRow {
  readonly tenant_id: string;
  readonly store_id: string;
  readonly source: string;
  readonly account_id: string;
  readonly location_id: string;
  readonly order_id: string;
  readonly fold_revision: number;
  readonly schema_fingerprint: Buffer;
  readonly snapshot: Buffer;
  readonly recorded_at: number;
  readonly is_withheld: boolean;
}

// Only the rows that an older fold posted carry their bytes over.
const selectStretch: Statement = {
  name: "refold-select-stretch",
  text: `
    select order_key, fold_revision < $2 as is_older
    from order_head
    where order_key > $1
    order by order_key
    limit $3`,
};

const selectOlder: Statement = {
  name: "refold-select-older",
  text: `
    select ${headColumns}, tenant_id, store_id, source, account_id, location_id, order_id, fold_revision,
           schema_fingerprint, snapshot, recorded_at, is_withheld
    from order_head
    where order_key > $1 and order_key <= $3 and fold_revision < $2
    order by order_key`,
};

/** Reads the heads of an older fold among the next `countMax` heads behind `after`. */
export async function loadOlderHeads(
  tx: Transaction,
  stretch: {
    readonly after: Buffer;
    readonly foldRevision: number;
    readonly countMax: number;
  },
): Promise<OlderHeads> {
  const { after, foldRevision, countMax } = stretch;
  const looked = await runStatement<{ order_key: Buffer; is_older: boolean }>(tx, selectStretch, [
    after,
    foldRevision,
    countMax,
  ]);
  const seen = looked.rows.length;
  const lastSeen = looked.rows.at(-1)?.order_key ?? after;
  const last = seen < countMax ? null : lastSeen;
  if (!looked.rows.some((row) => row.is_older)) return { older: [], seen, last };
  const { rows } = await runStatement<StoredHeadRow>(tx, selectOlder, [
    after,
    foldRevision,
    lastSeen,
  ]);
  const decoders = await loadSnapshotDecoders(tx, rows);
  const older = rows.map((row) => ({
    head: storedHead(row),
    snapshot: snapshotOf(decoders, row),
  }));
  return { older, seen, last };
}

function storedHead(row: StoredHeadRow): Omit<NewHead, "readRevision"> {
  const head = headOf(row);
  return {
    ...head,
    orderKey: row.order_key.toString("latin1"),
    order: {
      tenantId: row.tenant_id,
      storeId: row.store_id,
      source: row.source,
      accountId: row.account_id,
      locationId: row.location_id,
      orderId: row.order_id,
      version: head.version,
      receivedAt: row.recorded_at,
      isWithheld: row.is_withheld,
    },
    foldRevision: row.fold_revision,
    bytes: row.snapshot,
    fingerprint: row.schema_fingerprint,
  };
}
