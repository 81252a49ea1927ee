import {
  boolColumn,
  byteaArray,
  type ColumnStatement,
  columnStatement,
  inOneWrite,
  int2Column,
  latin1Column,
  runColumns,
  runStatement,
  type Statement,
  type Transaction,
  uuidColumn,
} from "@tillcast/core/database";
import { loadSnapshotDecoders, type SnapshotDecoders, snapshotOf } from "@tillcast/core/orders";
import { lifeOf, type OrderSnapshot } from "@tillcast/schemas";
import type { QueryResultRow } from "pg";
import { type DecidedNames, endOf } from "../fold/name-orders.ts";
import type { ArrivedOrder, KnownPicture, OrderHead, StoredHead } from "../fold/order-head.ts";
import { postedCodec } from "../fold/posted.ts";

/** What the fold asks of a stored head. */
export interface HeadRow {
  readonly order_key: Buffer;
  readonly vendor_version: bigint;
  readonly mapping_revision: number;
  readonly observed_at: number;
  readonly content_hash: string;
  readonly head_revision: number;
  readonly posted: Buffer;
  readonly posted_from: number | null;
  readonly posted_to: number | null;
  readonly moved_to: Buffer | null;
}

/** The columns of a `HeadRow`. */
export const headColumns = `order_key, vendor_version, mapping_revision, observed_at, content_hash,
    head_revision, posted, posted_from, posted_to, moved_to`;

/** A head as a batch asks for it. */
interface WantedHead {
  readonly orderKey: string;
  /** When the order itself is asked for, to tell its life. */
  readonly picture: PictureWanted;
  readonly storeId: string;
  /** Whether the key is one of a release before, which few installations have. */
  readonly isFormer: boolean;
}

/** When a head's order is read: never, where it is of another store, or always. */
const pictureWanted = { never: 0, ofOtherStore: 1, always: 2 } as const;
type PictureWanted = (typeof pictureWanted)[keyof typeof pictureWanted];

interface WantedRow extends HeadRow {
  readonly store_id: string;
  readonly schema_fingerprint: Buffer | null;
  readonly snapshot: Buffer | null;
}

const isPictureWanted = `picture = ${pictureWanted.always}
             or picture = ${pictureWanted.ofOtherStore} and store_id <> wanted_store`;

// Neither statement locks: the compare-and-set on head_revision is what keeps two writers apart, and a lock
// would write every head twice.
const selectHeads = columnStatement<ArrivedOrder>(
  "ledger-select-heads",
  { order_key: latin1Column(({ orderKey }) => orderKey) },
  (orders) => `select ${headColumns} from ${orders} join order_head using (order_key)`,
);

// For orders whose name is held against the order known under it.
const selectHeadsWithPictures = columnStatement<WantedHead>(
  "ledger-select-heads-with-pictures",
  {
    order_key: latin1Column(({ orderKey }) => orderKey),
    picture: int2Column(({ picture }) => picture),
    wanted_store: uuidColumn(({ storeId }) => storeId),
    is_former: boolColumn(({ isFormer }) => isFormer),
  },
  (orders) => `
    select ${headColumns}, store_id,
           case when ${isPictureWanted} then schema_fingerprint end as schema_fingerprint,
           case when ${isPictureWanted} then snapshot end as snapshot
    from (select * from ${orders} where not is_former or (select exists (select from former_names)))
      as wanted
    join order_head using (order_key)`,
);

/** A head with all that is stored of it. */
export interface StoredHeadRow extends HeadRow {
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
}

/** The columns of a `StoredHeadRow`. */
export const storedHeadColumns = `${headColumns}, tenant_id, store_id, source, account_id, location_id, order_id,
    fold_revision, schema_fingerprint, snapshot, recorded_at`;

const selectStoredHeads: Statement = {
  name: "ledger-select-stored-heads",
  text: `select ${storedHeadColumns} from order_head where order_key = any($1::bytea[])`,
};

/** Loads the heads that the given orders may be of, also by what was decided, by order key as latin1 text. */
export async function loadHeads(
  tx: Transaction,
  orders: readonly ArrivedOrder[],
  decided?: DecidedNames,
): Promise<Map<string, OrderHead>> {
  const plain = orders.filter(isNamedByKey);
  const wanted = plain.length === orders.length ? [] : wantedHeads(orders);
  if (decided !== undefined) wanted.push(...decidedHeads(orders, decided));
  const [{ rows: plainRows }, { rows }] = await inOneWrite(tx, () => [
    selectIfAny<ArrivedOrder, HeadRow>(tx, selectHeads, plain),
    selectIfAny<WantedHead, WantedRow>(tx, selectHeadsWithPictures, wanted),
  ]);
  const heads = new Map<string, OrderHead>();
  for (const row of plainRows) heads.set(row.order_key.toString("latin1"), headOf(row));
  const pictures = rows.filter(hasPicture);
  const decoders = pictures.length === 0 ? undefined : await loadSnapshotDecoders(tx, pictures);
  for (const row of rows) {
    const key = row.order_key.toString("latin1");
    const picture = decoders !== undefined && hasPicture(row) ? pictureOf(row, decoders) : null;
    // One key may be asked for twice, by its own name and as a former one.
    heads.set(key, { ...headOf(row), picture: picture ?? heads.get(key)?.picture ?? null });
  }
  await addStoredHeads(tx, orders, heads);
  return heads;
}

/** An order that nothing but its key names asks for no picture, and for the head of that key alone. */
const isNamedByKey = ({ naming, checksStore }: ArrivedOrder): boolean =>
  naming === null && !checksStore;

const selectIfAny = async <Row, Result extends QueryResultRow>(
  tx: Transaction,
  statement: ColumnStatement<Row>,
  wanted: readonly Row[],
): Promise<{ readonly rows: readonly Result[] }> =>
  wanted.length === 0 ? { rows: [] } : runColumns<Row, Result>(tx, statement, wanted);

function wantedHeads(orders: readonly ArrivedOrder[]): WantedHead[] {
  const wanted: WantedHead[] = [];
  for (const one of orders) {
    if (isNamedByKey(one)) continue;
    const { orderKey, naming, order } = one;
    const { storeId } = order;
    wanted.push({ orderKey, picture: pictureWantedBy(one), storeId, isFormer: false });
    const former = naming?.formerName ?? null;
    if (former === null) continue;
    wanted.push({ orderKey: former, picture: pictureWanted.always, storeId, isFormer: true });
  }
  return wanted;
}

/** The heads to which names lead by what was decided, where nothing else asks for them. */
function decidedHeads(orders: readonly ArrivedOrder[], { moved }: DecidedNames): WantedHead[] {
  return orders.flatMap(({ orderKey, naming, order: { storeId } }) => {
    const names = naming?.leaves == null ? [orderKey] : [orderKey, naming.leaves];
    return names
      .map((name) => endOf(name, moved))
      .filter((end) => end !== orderKey)
      .map((end) => ({ orderKey: end, picture: pictureWanted.never, storeId, isFormer: false }));
  });
}

function pictureWantedBy({ checksStore, naming }: ArrivedOrder): PictureWanted {
  if (naming?.checksLife === true) return pictureWanted.always;
  return checksStore ? pictureWanted.ofOtherStore : pictureWanted.never;
}

/** Reads whole what few orders ask for: heads whose name is left, and those that a left name leads to. */
async function addStoredHeads(
  tx: Transaction,
  orders: readonly ArrivedOrder[],
  heads: Map<string, OrderHead>,
): Promise<void> {
  let missing = new Set(
    orders.flatMap(({ naming }) => (naming?.leaves == null ? [] : [naming.leaves])),
  );
  for (const { movedTo } of heads.values()) if (movedTo !== null) missing.add(movedTo);
  while (missing.size > 0) {
    const keys = byteaArray([...missing].map((key) => Buffer.from(key, "latin1")));
    const { rows } = await runStatement<StoredHeadRow>(tx, selectStoredHeads, [keys]);
    const decoders = await loadSnapshotDecoders(tx, rows);
    missing = new Set();
    for (const row of rows) {
      const stored = storedHeadOf(row, snapshotOf(decoders, row));
      const head = { ...stored, picture: pictureOf(row, decoders) };
      heads.set(head.orderKey, head);
      if (head.movedTo !== null && !heads.has(head.movedTo)) missing.add(head.movedTo);
    }
  }
}

type RowWithPicture = WantedRow & {
  readonly schema_fingerprint: Buffer;
  readonly snapshot: Buffer;
};

const hasPicture = (row: WantedRow): row is RowWithPicture => row.snapshot !== null;

function pictureOf(
  row: Pick<StoredHeadRow, "store_id" | "schema_fingerprint" | "snapshot">,
  decoders: SnapshotDecoders,
): KnownPicture {
  let order: OrderSnapshot | undefined;
  return {
    storeId: row.store_id,
    bytes: row.snapshot,
    fingerprint: row.schema_fingerprint,
    life: () => {
      order ??= snapshotOf(decoders, row);
      return lifeOf(order);
    },
  };
}

/** A head from its whole row, and the order that it holds. */
export function storedHeadOf(row: StoredHeadRow, { withheld }: OrderSnapshot): StoredHead {
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
      // An older release did not keep it beside the snapshot.
      isWithheld: withheld !== null,
    },
    foldRevision: row.fold_revision,
    bytes: row.snapshot,
    fingerprint: row.schema_fingerprint,
  };
}

/** A head from its row, without its picture. */
export function headOf(row: HeadRow): OrderHead {
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
    movedTo: row.moved_to === null ? null : row.moved_to.toString("latin1"),
    picture: null,
  };
}
