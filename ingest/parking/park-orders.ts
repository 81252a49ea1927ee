import {
  byteaArray,
  type Database,
  int4Array,
  runStatement,
  type Statement,
  textArray,
  timestamptzArray,
} from "@tillcast/core/database";
import type { OrderSnapshot } from "@tillcast/schemas";

/** A valid order whose store is unknown, or whose currency is not its feed's. */
export interface OrderToPark {
  readonly orderKey: Buffer;
  /** The order as normalised without a store. Its hash identifies the version. */
  readonly snapshot: OrderSnapshot;
  readonly reason: string;
  /** See `Decision`. */
  readonly triedRevision: number | null;
  /** The order as it was pushed. */
  readonly payload: unknown;
}

// The same version parked twice is one row. A released order that lost its store again waits again.
const insertParked: Statement = {
  name: "ingest-insert-parked",
  text: `
    insert into parked_order (tenant_id, order_key, version_hash, source, account_id, location_id,
      order_id, reason, payload, received_at, tried_revision)
    select $1, k, h, s, a, l, o, r, p::jsonb, t, v
    from unnest($2::bytea[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[],
      $9::text[], $10::timestamptz[], $11::integer[]) as parked (k, h, s, a, l, o, r, p, t, v)
    on conflict (order_key, version_hash) do update
    set reason = excluded.reason, location_id = excluded.location_id,
        tried_revision = excluded.tried_revision, released_at = null`,
};

/** Stores orders that wait for a correction of their feed. Resolves when they are durable. */
export async function parkOrders(
  database: Database,
  tenantId: string,
  orders: readonly OrderToPark[],
): Promise<void> {
  // Rows are sorted by key in all requests, so that two requests never deadlock.
  const rows = [...new Map(orders.map((order) => [rowKey(order), order])).entries()]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, order]) => order);
  if (rows.length === 0) return;
  const snapshots = rows.map((row) => row.snapshot);
  await runStatement(database.service, insertParked, [
    tenantId,
    byteaArray(rows.map((row) => row.orderKey)),
    textArray(snapshots.map((snapshot) => snapshot.version.hash)),
    textArray(snapshots.map((snapshot) => snapshot.source)),
    textArray(snapshots.map((snapshot) => snapshot.accountId)),
    textArray(snapshots.map((snapshot) => snapshot.locationId)),
    textArray(snapshots.map((snapshot) => snapshot.orderId)),
    textArray(rows.map((row) => row.reason)),
    textArray(rows.map((row) => JSON.stringify(row.payload))),
    timestamptzArray(snapshots.map((snapshot) => snapshot.receivedAt)),
    int4Array(rows.map((row) => row.triedRevision)),
  ]);
}

function rowKey({ orderKey, snapshot }: OrderToPark): string {
  return `${orderKey.toString("hex")} ${snapshot.version.hash}`;
}
