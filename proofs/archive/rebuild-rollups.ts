import {
  inTransaction,
  runStatement,
  type Statement,
  type Transaction,
} from "@tillcast/core/database";
import { addRollups, postedCodec, rollupChanges } from "@tillcast/stream-processors/ledger";
import type { Pool } from "pg";

/** Orders per transaction. */
const ordersAtOnce = 2_000;

const selectPosted: Statement = {
  name: "rebuild-select-posted",
  text: `
    select order_key, tenant_id, store_id, recorded_at, posted
    from order_head
    where (store_id, recorded_at, order_key) > ($1, to_timestamp($2::double precision / 1000), $3)
    order by store_id, recorded_at, order_key
    limit ${ordersAtOnce}`,
};

interface PostedRow {
  readonly order_key: Buffer;
  readonly tenant_id: string;
  readonly store_id: string;
  readonly recorded_at: number;
  readonly posted: Buffer;
}

type Place = Pick<PostedRow, "store_id" | "recorded_at" | "order_key">;

const beforeAll: Place = {
  store_id: "00000000-0000-0000-0000-000000000000",
  recorded_at: 0,
  order_key: Buffer.alloc(0),
};

/**
 * Rebuilds empty rollups from the postings of all heads. It reads heads by store and record time, so that one
 * transaction changes few rows, and creates and drops an index for this. The pool's sessions must be the tables'
 * owner, with the tables' schema first in their search path.
 */
export async function rebuildRollups(pool: Pool, onSlice: (orders: number) => void): Promise<void> {
  await pool.query("create index rebuild_order on order_head (store_id, recorded_at, order_key)");
  await pool.query("analyze order_head");
  let orders = 0;
  for (let after: Place | undefined = beforeAll; after !== undefined; ) {
    const from: Place = after;
    const rows = await inTransaction(pool, (tx) => addSlice(tx, from), { pipelined: true });
    orders += rows.length;
    onSlice(orders);
    after = rows.length < ordersAtOnce ? undefined : rows.at(-1);
  }
  await pool.query("drop index rebuild_order");
}

async function addSlice(tx: Transaction, after: Place): Promise<readonly PostedRow[]> {
  const { rows } = await runStatement<PostedRow>(tx, selectPosted, [
    after.store_id,
    after.recorded_at,
    after.order_key,
  ]);
  const stores = new Map<string, string>();
  const added = rows.map((row) => {
    const posted = postedCodec.decode(row.posted);
    stores.set(posted.storeId, row.tenant_id);
    return posted;
  });
  if (rows.length > 0) await addRollups(tx, rollupChanges({ added, takenBack: [] }), stores);
  return rows;
}
