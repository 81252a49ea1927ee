import { runStatement, type Statement, type Transaction } from "@tillcast/core/database";
import { loadSnapshotDecoders, snapshotOf } from "@tillcast/core/orders";
import type { OrderSnapshot } from "@tillcast/schemas";
import type { StoredHead } from "@tillcast/stream-processors/ledger";
import {
  type StoredHeadRow,
  storedHeadColumns,
  storedHeadOf,
} from "@tillcast/stream-processors/ledger";

/** A head that an older fold posted, with its order. */
export interface OlderHead {
  readonly head: StoredHead;
  readonly snapshot: OrderSnapshot;
}

/** Consecutive heads in the order of their keys. */
export interface OlderHeads {
  readonly older: readonly OlderHead[];
  /** Heads that were read. */
  readonly seen: number;
  /** The last key that was read; null at the end of the table. */
  readonly last: Buffer | null;
}

// Only rows of an older fold return their bytes.
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
    select ${storedHeadColumns}
    from order_head
    where order_key > $1 and order_key <= $3 and fold_revision < $2
    order by order_key`,
};

/** Reads the heads of an older fold among the next `countMax` heads after `after`. */
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
  const older = rows.map((row) => {
    const snapshot = snapshotOf(decoders, row);
    return { head: storedHeadOf(row, snapshot), snapshot };
  });
  return { older, seen, last };
}
