import {
  byteaArray,
  type Database,
  runStatement,
  type Statement,
  textArray,
} from "@tillcast/core/database";

/** A parked order whose store may be known now. */
export interface ParkedRow {
  readonly tenantId: string;
  readonly orderKey: Buffer;
  readonly versionHash: string;
  /** The order as it was pushed. */
  readonly payload: unknown;
  /** UTC milliseconds. */
  readonly receivedAt: number;
  readonly locationId: string;
  /** The revision of its feed when the row was read; 0 without a feed. */
  readonly mappingRevision: number;
}

/** The position of a walk through the parked orders. */
export type ParkedCursor = Pick<ParkedRow, "orderKey" | "versionHash">;

/** Before every parked order. */
export const parkedStart: ParkedCursor = { orderKey: Buffer.alloc(0), versionHash: "" };

interface Row {
  readonly tenant_id: string;
  readonly order_key: Buffer;
  readonly version_hash: string;
  readonly payload: unknown;
  readonly received_at: number;
  readonly location_id: string;
  readonly mapping_revision: number;
}

// An order that could not be released waits until its feed changes.
const selectReleasable: Statement = {
  name: "ingest-select-releasable",
  text: `
    select p.tenant_id, p.order_key, p.version_hash, p.payload, p.received_at, p.location_id,
           coalesce(f.mapping_revision, 0) as mapping_revision
    from parked_order p
    left join feed f
      on f.tenant_id = p.tenant_id and f.source = p.source and f.account_id = p.account_id
        and f.location_id = p.location_id
    where p.released_at is null
      and (p.order_key, p.version_hash) > ($1, $2)
      and coalesce(p.tried_revision, -1) < coalesce(f.mapping_revision, 0)
      and (f.store_id is not null
        or exists (
            select from store s
            where s.tenant_id = p.tenant_id
              and s.store_id::text in (lower(p.location_id), lower(p.payload ->> 'storeId'))))
    order by p.order_key, p.version_hash
    limit $3`,
};

const updateReleased: Statement = {
  name: "ingest-update-released",
  text: `
    update parked_order p
    set released_at = to_timestamp($3::double precision / 1000)
    from unnest($1::bytea[], $2::text[]) as done (order_key, version_hash)
    where p.order_key = done.order_key and p.version_hash = done.version_hash`,
};

const updateTried: Statement = {
  name: "ingest-update-parked-tried",
  text: `
    update parked_order
    set reason = $3, tried_revision = $4
    where order_key = $1 and version_hash = $2`,
};

/** Loads parked orders whose feed is mapped or whose store exists, after the given position. */
export async function loadReleasable(
  database: Database,
  after: ParkedCursor,
  maxCount: number,
): Promise<ParkedRow[]> {
  const { rows } = await runStatement<Row>(database.service, selectReleasable, [
    after.orderKey,
    after.versionHash,
    maxCount,
  ]);
  return rows.map((row) => ({
    tenantId: row.tenant_id,
    orderKey: row.order_key,
    versionHash: row.version_hash,
    payload: row.payload,
    receivedAt: row.received_at,
    locationId: row.location_id,
    mappingRevision: row.mapping_revision,
  }));
}

/** Marks parked orders as appended to the log. */
export async function markReleased(
  database: Database,
  rows: readonly ParkedCursor[],
  releasedAt: number,
): Promise<void> {
  await runStatement(database.service, updateReleased, [
    byteaArray(rows.map((row) => row.orderKey)),
    textArray(rows.map((row) => row.versionHash)),
    releasedAt,
  ]);
}

/** Stores why an order stays parked although its store is known, and at which revision of its feed. */
export async function saveTried(
  database: Database,
  row: ParkedCursor,
  { reason, revision }: { readonly reason: string; readonly revision: number },
): Promise<void> {
  const values = [row.orderKey, row.versionHash, reason, revision];
  await runStatement(database.service, updateTried, values);
}
