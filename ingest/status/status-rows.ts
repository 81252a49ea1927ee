import {
  asTenant,
  byteaArray,
  type Database,
  runStatement,
  type Statement,
  type Transaction,
} from "@tillcast/core/database";
import type { ChargeKind, Measures } from "@tillcast/schemas";
import { measures } from "@tillcast/schemas";

/** An order in the ledger. */
export interface HeadRow {
  readonly order_key: Buffer;
  readonly moved_to: Buffer | null;
  readonly store_id: string;
  readonly vendor_version: bigint;
  readonly mapping_revision: number;
  readonly content_hash: string;
  readonly recorded_at: number;
  readonly is_open: boolean;
  readonly snapshot: Buffer;
  readonly schema_fingerprint: Buffer;
  /** The schema that its bytes were written in. */
  readonly schema: unknown;
}

/** The entries of an order in one window. */
export type WindowRow = Readonly<Measures> & {
  readonly window_start: number;
  readonly business_date: string;
  readonly channel: number;
  readonly currency: string;
  readonly first_counted_at: number;
};

/** A parked order. */
export interface ParkedStatusRow {
  readonly reason: string;
  readonly received_at: number;
}

/** A name conflict that waits for a decision. */
export interface NameConflictRow {
  readonly reason: string;
  readonly store_id: string;
  readonly recorded_at: number;
}

/** The rows of one order. */
export interface OrderRows {
  readonly head: HeadRow | undefined;
  readonly windows: readonly WindowRow[];
  readonly parked: ParkedStatusRow | undefined;
  readonly conflict: NameConflictRow | undefined;
  readonly netCharges: readonly ChargeKind[];
}

const selectHeads: Statement = {
  name: "ingest-status-heads",
  text: `
    select h.order_key, h.moved_to, h.store_id, h.vendor_version, h.mapping_revision, h.content_hash, h.recorded_at, h.is_open,
           h.snapshot, h.schema_fingerprint, s.schema
    from order_head h
    left join avro_schema s on s.fingerprint = h.schema_fingerprint
    where h.order_key = any($1::bytea[])
    order by h.recorded_at desc`,
};

const sums = measures.map((name) => `sum(${name})::bigint as ${name}`).join(", ");

const selectWindows: Statement = {
  name: "ingest-status-windows",
  text: `
    select to_timestamp(floor(extract(epoch from counted_at) / 900) * 900) as window_start,
           business_date, channel, currency, min(counted_at) as first_counted_at, ${sums}
    from ledger_entry
    where order_key = any($1::bytea[])
    group by 1, 2, 3, 4
    order by 1, 2, 3, 4`,
};

const selectParked: Statement = {
  name: "ingest-status-parked",
  text: `
    select reason, received_at
    from parked_order
    where order_key = any($1::bytea[]) and released_at is null
    order by received_at desc
    limit 1`,
};

const selectConflict: Statement = {
  name: "ingest-status-name-conflict",
  text: `
    select reason, store_id, recorded_at
    from name_conflict
    where order_key = any($1::bytea[]) and decision is null
    order by recorded_at desc
    limit 1`,
};

const selectPolicy: Statement = {
  name: "ingest-status-policy",
  text: "select net_charges from tenant where tenant_id = $1",
};

/** Reads the rows of the newest order under some keys as its tenant, in one picture. */
export async function loadOrderRows(
  database: Database,
  tenantId: string,
  orderKeys: readonly Buffer[],
): Promise<OrderRows> {
  return asTenant(
    database.tenant,
    tenantId,
    async (tx) => {
      const keys = byteaArray(orderKeys);
      const head = await loadNewestHead(tx, keys);
      const ofHead = byteaArray(head === undefined ? [] : [head.order_key]);
      const windows = await runStatement<WindowRow>(tx, selectWindows, [ofHead]);
      const parked = await runStatement<ParkedStatusRow>(tx, selectParked, [keys]);
      const conflicts = await runStatement<NameConflictRow>(tx, selectConflict, [keys]);
      const policy = await runStatement<{ net_charges: ChargeKind[] }>(tx, selectPolicy, [
        tenantId,
      ]);
      return {
        head,
        windows: windows.rows,
        parked: parked.rows[0],
        conflict: conflicts.rows[0],
        netCharges: policy.rows[0]?.net_charges ?? [],
      };
    },
    { isolation: "repeatable read", readOnly: true },
  );
}

/** The newest head under some keys. If the order was renamed, the head under its new name. */
async function loadNewestHead(tx: Transaction, keys: Buffer): Promise<HeadRow | undefined> {
  let [head] = (await runStatement<HeadRow>(tx, selectHeads, [keys])).rows;
  while (head?.moved_to != null) {
    [head] = (await runStatement<HeadRow>(tx, selectHeads, [byteaArray([head.moved_to])])).rows;
  }
  return head;
}
