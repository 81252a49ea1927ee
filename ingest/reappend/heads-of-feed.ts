import {
  byteaArray,
  type Database,
  inTransaction,
  runStatement,
  type Statement,
} from "@tillcast/core/database";
import { loadSnapshotDecoders, snapshotOf } from "@tillcast/core/orders";
import type { OrderSnapshot } from "@tillcast/schemas";
import type { FeedName } from "../places/feed-rows.ts";

/** Most heads per statement. Most belong to other feeds, and only their key and names are read. */
const headsAtOnce = 4_000;

/** An order as its head stores it. */
export interface DueOrder {
  /** The key of its head in the ledger. */
  readonly orderKey: Buffer;
  readonly order: OrderSnapshot;
}

/** Consecutive heads in the order of their keys. */
export interface HeadStretch {
  /** Orders of the feed with an older revision. */
  readonly due: readonly DueOrder[];
  /** The last key that was read; null at the end of the table. */
  readonly last: Buffer | null;
}

// Reads by key, because an index by feed would cost every order, and feeds rarely change.
const selectStretch: Statement = {
  name: "ingest-heads-stretch",
  text: `
    select order_key,
           tenant_id = $2 and source = $3 and account_id = $4 and location_id = $5
             and mapping_revision < $6 and moved_to is null as is_due
    from order_head
    where order_key > $1
    order by order_key
    limit $7`,
};

interface StretchRow {
  readonly order_key: Buffer;
  readonly is_due: boolean;
}

const selectSnapshots: Statement = {
  name: "ingest-heads-snapshots",
  text: `
    select order_key, schema_fingerprint, snapshot
    from order_head
    where order_key = any($1::bytea[]) and mapping_revision < $2 and moved_to is null`,
};

interface SnapshotRow {
  readonly order_key: Buffer;
  readonly schema_fingerprint: Buffer;
  readonly snapshot: Buffer;
}

/** Reads the orders of a feed with an older revision, among the next heads after `after`. */
export async function loadDueHeads(
  database: Database,
  feed: FeedName & { readonly tenantId: string; readonly mappingRevision: number },
  after: Buffer,
): Promise<HeadStretch> {
  return inTransaction(
    database.service,
    async (tx) => {
      const { tenantId, source, accountId, locationId, mappingRevision } = feed;
      const { rows } = await runStatement<StretchRow & Record<string, unknown>>(tx, selectStretch, [
        after,
        tenantId,
        source,
        accountId,
        locationId,
        mappingRevision,
        headsAtOnce,
      ]);
      const last = rows.length < headsAtOnce ? null : (rows.at(-1)?.order_key ?? null);
      const keys = rows.filter((row) => row.is_due).map((row) => row.order_key);
      if (keys.length === 0) return { due: [], last };
      const found = await runStatement<SnapshotRow & Record<string, unknown>>(tx, selectSnapshots, [
        byteaArray(keys),
        mappingRevision,
      ]);
      const decoders = await loadSnapshotDecoders(tx, found.rows);
      const due = found.rows.map((row) => ({
        orderKey: row.order_key,
        order: snapshotOf(decoders, row),
      }));
      return { due, last };
    },
    { readOnly: true },
  );
}
