import {
  appError,
  boolArray,
  byteaArray,
  int2Array,
  int4Array,
  int8ArrayFromNumbers,
  runStatement,
  type Statement,
  type Transaction,
  textArray,
  timestamptzArray,
  uuidArray,
} from "@tillcast/core";
import { orderSnapshotCodec } from "@tillcast/schemas";
import type { NewHead, OrderHead } from "../fold/fold-orders.ts";
import { FOLD_REVISION, postedCodec } from "../fold/posted.ts";

interface HeadRow {
  readonly order_key: Buffer;
  readonly vendor_version: bigint;
  readonly mapping_revision: number;
  readonly observed_at: number;
  readonly content_hash: string;
  readonly head_revision: number;
  readonly posted: Buffer;
  readonly posted_from: number | null;
  readonly posted_to: number | null;
}

// Not locked: the compare-and-set on head_revision is what keeps two writers apart, and a lock would
// write every head twice.
const selectHeads: Statement = {
  name: "ledger-select-heads",
  text: `
    select order_key, vendor_version, mapping_revision, observed_at, content_hash, head_revision,
           posted, posted_from, posted_to
    from order_head
    where order_key = any($1::bytea[])`,
};

const columns = `order_key, tenant_id, store_id, source, account_id, location_id, order_id,
  vendor_version, mapping_revision, observed_at, content_hash, head_revision, fold_revision,
  schema_fingerprint, snapshot, posted, is_open, posted_from, posted_to, recorded_at`;

const unnested = `unnest($1::bytea[], $2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::text[],
  $7::text[], $8::bigint[], $9::integer[], $10::timestamptz[], $11::text[], $12::integer[],
  $13::smallint[], $14::bytea[], $15::bytea[], $16::bytea[], $17::boolean[], $18::timestamptz[],
  $19::timestamptz[], $20::timestamptz[]`;

const insertHeads: Statement = {
  name: "ledger-insert-heads",
  text: `
    insert into order_head (${columns})
    select * from ${unnested})
    on conflict (order_key) do nothing`,
};

const updateHeads: Statement = {
  name: "ledger-update-heads",
  text: `
    update order_head as head
    set store_id = new.store_id,
        location_id = new.location_id,
        vendor_version = new.vendor_version,
        mapping_revision = new.mapping_revision,
        observed_at = new.observed_at,
        content_hash = new.content_hash,
        head_revision = new.head_revision,
        fold_revision = new.fold_revision,
        schema_fingerprint = new.schema_fingerprint,
        snapshot = new.snapshot,
        posted = new.posted,
        is_open = new.is_open,
        posted_from = new.posted_from,
        posted_to = new.posted_to,
        recorded_at = new.recorded_at
    from ${unnested}, $21::integer[]) as new (${columns}, read_revision)
    where head.order_key = new.order_key
      and head.head_revision = new.read_revision`,
};

/** Loads the heads of the given orders, by order key as latin1 text. */
export async function loadHeads(
  tx: Transaction,
  orderKeys: readonly Buffer[],
): Promise<Map<string, OrderHead>> {
  const { rows } = await runStatement<HeadRow>(tx, selectHeads, [byteaArray(orderKeys)]);
  return new Map(rows.map((row) => [row.order_key.toString("latin1"), headOf(row)]));
}

/**
 * Writes heads by compare-and-set. Fewer rows changed than sent means that another writer was faster:
 * `headMoved` rolls the batch back, and it is folded again on what that writer left.
 */
export async function saveHeads(tx: Transaction, heads: readonly NewHead[]): Promise<void> {
  const sorted = [...heads].sort((a, b) => a.orderKey.compare(b.orderKey));
  const added = sorted.filter((head) => head.readRevision === null);
  const changed = sorted.filter((head) => head.readRevision !== null);
  if (added.length > 0) {
    const { rowCount } = await runStatement(tx, insertHeads, headParameters(added));
    expectAll(added.length, rowCount);
  }
  if (changed.length > 0) {
    const readRevisions = int4Array(changed.map((head) => head.readRevision));
    const { rowCount } = await runStatement(tx, updateHeads, [
      ...headParameters(changed),
      readRevisions,
    ]);
    expectAll(changed.length, rowCount);
  }
}

function expectAll(sent: number, written: number | null): void {
  if (written !== sent) throw appError("headMoved", { sent, missing: sent - (written ?? 0) });
}

function headOf(row: HeadRow): OrderHead {
  return {
    version: {
      vendorVersion: Number(row.vendor_version),
      mappingRevision: row.mapping_revision,
      observedAt: row.observed_at,
      hash: row.content_hash,
    },
    headRevision: row.head_revision,
    posted: postedCodec.decode(row.posted),
    postedFrom: row.posted_from,
    postedTo: row.posted_to,
  };
}

function headParameters(heads: readonly NewHead[]): Buffer[] {
  const orders = heads.map((head) => head.order);
  return [
    byteaArray(heads.map((head) => head.orderKey)),
    uuidArray(orders.map((order) => order.tenantId)),
    uuidArray(orders.map((order) => order.storeId)),
    textArray(orders.map((order) => order.source)),
    textArray(orders.map((order) => order.accountId)),
    textArray(orders.map((order) => order.locationId)),
    textArray(orders.map((order) => order.orderId)),
    int8ArrayFromNumbers(orders.map((order) => order.version.vendorVersion)),
    int4Array(orders.map((order) => order.version.mappingRevision)),
    timestamptzArray(orders.map((order) => order.version.observedAt)),
    textArray(orders.map((order) => order.version.hash)),
    int4Array(heads.map((head) => head.headRevision)),
    int2Array(heads.map(() => FOLD_REVISION)),
    byteaArray(heads.map(() => orderSnapshotCodec.fingerprint)),
    byteaArray(heads.map((head) => head.bytes)),
    byteaArray(heads.map(encodePosted)),
    boolArray(heads.map((head) => head.posted.open !== null)),
    timestamptzArray(heads.map((head) => head.postedFrom)),
    timestamptzArray(heads.map((head) => head.postedTo)),
    timestamptzArray(orders.map((order) => order.receivedAt)),
  ];
}

function encodePosted({ order, posted }: NewHead): Buffer {
  try {
    return postedCodec.encode(posted);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new RangeError(`what order ${order.orderId} posts: ${reason}`, { cause });
  }
}
