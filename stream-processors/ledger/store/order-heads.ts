import { appError } from "@tillcast/core";
import {
  boolColumn,
  byteaColumn,
  columnStatement,
  databaseErrorCode,
  encodedColumn,
  inOneWrite,
  int2Column,
  int4Column,
  int8Column,
  isDataFault,
  latin1Column,
  runColumns,
  type Transaction,
  textColumn,
  timestamptzColumn,
  uuidColumn,
} from "@tillcast/core/database";
import type { NewHead } from "../fold/order-head.ts";
import { postedCodec } from "../fold/posted.ts";

/** Columns that a new version rewrites. */
const versionColumns = {
  store_id: uuidColumn((head: NewHead) => head.order.storeId),
  location_id: textColumn((head: NewHead) => head.order.locationId),
  vendor_version: int8Column((head: NewHead) => head.order.version.vendorVersion),
  mapping_revision: int4Column((head: NewHead) => head.order.version.mappingRevision),
  observed_at: timestamptzColumn((head: NewHead) => head.order.version.observedAt),
  content_hash: textColumn((head: NewHead) => head.order.version.hash),
  head_revision: int4Column((head: NewHead) => head.headRevision),
  fold_revision: int2Column((head: NewHead) => head.foldRevision),
  schema_fingerprint: byteaColumn((head: NewHead) => head.fingerprint),
  snapshot: byteaColumn((head: NewHead) => head.bytes),
  posted: encodedColumn(encodePosted),
  is_open: boolColumn((head: NewHead) => head.posted.open !== null),
  is_withheld: boolColumn((head: NewHead) => head.order.isWithheld),
  posted_from: timestamptzColumn((head: NewHead) => head.postedFrom),
  posted_to: timestamptzColumn((head: NewHead) => head.postedTo),
  recorded_at: timestamptzColumn((head: NewHead) => head.order.receivedAt),
};
const orderKey = { order_key: latin1Column((head: NewHead) => head.orderKey) };
const identityColumns = {
  ...orderKey,
  tenant_id: uuidColumn((head: NewHead) => head.order.tenantId),
  source: textColumn((head: NewHead) => head.order.source),
  account_id: textColumn((head: NewHead) => head.order.accountId),
  order_id: textColumn((head: NewHead) => head.order.orderId),
};

// A head that another writer has inserted meanwhile fails by its key. `on conflict do nothing` would say
// the same in 1.1 µs a row more, since it inserts each row on trial.
const insertHeads = columnStatement<NewHead>(
  "ledger-insert-heads",
  { ...identityColumns, ...versionColumns },
  (heads) => {
    const columns = Object.keys({ ...identityColumns, ...versionColumns }).join(", ");
    return `insert into order_head (${columns}) select ${columns} from ${heads}`;
  },
);

const updateHeads = columnStatement<NewHead>(
  "ledger-update-heads",
  {
    ...orderKey,
    ...versionColumns,
    read_revision: int4Column((head: NewHead) => head.readRevision),
  },
  (heads) => `
    update order_head as head
    set ${Object.keys(versionColumns)
      .map((column) => `${column} = source.${column}`)
      .join(", ")}
    from ${heads}
    where head.order_key = source.order_key
      and head.head_revision = source.read_revision`,
);

// A name that was left stays left, so that a later version need not say so again.
const setMoved = columnStatement<NewHead>(
  "ledger-set-moved",
  { ...orderKey, moved_to: latin1Column((head: NewHead) => head.movedTo ?? "") },
  (heads) => `
    update order_head as head
    set moved_to = source.moved_to
    from ${heads}
    where head.order_key = source.order_key`,
);

/**
 * Writes heads by compare-and-set. A key that is there already, or fewer rows changed than sent, means
 * that another writer was faster: `headMoved` rolls the batch back, and it is folded again on what that
 * writer left.
 */
export async function saveHeads(tx: Transaction, heads: readonly NewHead[]): Promise<void> {
  const sorted = [...heads].sort((a, b) => (a.orderKey < b.orderKey ? -1 : 1));
  const added = sorted.filter((head) => head.readRevision === null);
  const changed = sorted.filter((head) => head.readRevision !== null);
  await inOneWrite(tx, () => [
    insertAll(tx, added),
    updateAll(tx, changed),
    updateMoved(
      tx,
      heads.filter(({ movedTo }) => movedTo !== null),
    ),
  ]);
}

async function insertAll(tx: Transaction, added: readonly NewHead[]): Promise<void> {
  if (added.length === 0) return;
  try {
    await runColumns(tx, insertHeads, added);
  } catch (error) {
    if (databaseErrorCode(error) !== uniqueViolationCode) throw error;
    throw appError("headMoved", { sent: added.length, missing: 1 }, { cause: error });
  }
}

const uniqueViolationCode = "23505";

async function updateAll(tx: Transaction, changed: readonly NewHead[]): Promise<void> {
  if (changed.length === 0) return;
  const { rowCount } = await runColumns(tx, updateHeads, changed);
  if (rowCount !== changed.length) {
    throw appError("headMoved", {
      sent: changed.length,
      missing: changed.length - (rowCount ?? 0),
    });
  }
}

async function updateMoved(tx: Transaction, moved: readonly NewHead[]): Promise<void> {
  if (moved.length > 0) await runColumns(tx, setMoved, moved);
}

function encodePosted({ order, posted }: NewHead, buffer: Buffer, at: number): number {
  try {
    return postedCodec.encodeInto(posted, buffer, at);
  } catch (cause) {
    if (!isDataFault(cause)) throw cause;
    const what = `What order ${order.orderId} posts`;
    throw appError("undecodable", { what, reason: cause.message }, { cause });
  }
}
