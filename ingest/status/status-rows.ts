import { asTenant, type Database, runStatement, type Statement } from "@tillcast/core";
import type { ChargeKind, Measures } from "@tillcast/schemas";
import { measures } from "@tillcast/schemas";

/** What the ledger reflects of an order. */
export interface HeadRow {
  readonly store_id: string;
  readonly vendor_version: bigint;
  readonly mapping_revision: number;
  readonly content_hash: string;
  readonly recorded_at: number;
  readonly is_open: boolean;
  readonly snapshot: Buffer;
  readonly schema_fingerprint: Buffer;
  /** The stored writer's schema. */
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

/** An order that waits for its store. */
export interface ParkedStatusRow {
  readonly reason: string;
  readonly received_at: number;
}

/** What the tables know of one order. */
export interface OrderRows {
  readonly head: HeadRow | undefined;
  readonly windows: readonly WindowRow[];
  readonly parked: ParkedStatusRow | undefined;
  readonly netCharges: readonly ChargeKind[];
}

const selectHead: Statement = {
  name: "ingest-status-head",
  text: `
    select h.store_id, h.vendor_version, h.mapping_revision, h.content_hash, h.recorded_at, h.is_open,
           h.snapshot, h.schema_fingerprint, s.schema
    from order_head h
    left join avro_schema s on s.fingerprint = h.schema_fingerprint
    where h.order_key = $1`,
};

const sums = measures.map((name) => `sum(${name})::bigint as ${name}`).join(", ");

const selectWindows: Statement = {
  name: "ingest-status-windows",
  text: `
    select to_timestamp(floor(extract(epoch from counted_at) / 900) * 900) as window_start,
           business_date, channel, currency, min(counted_at) as first_counted_at, ${sums}
    from ledger_entry
    where order_key = $1
    group by 1, 2, 3, 4
    order by 1, 2, 3, 4`,
};

const selectParked: Statement = {
  name: "ingest-status-parked",
  text: `
    select reason, received_at
    from parked_order
    where order_key = $1 and released_at is null
    order by received_at desc
    limit 1`,
};

const selectPolicy: Statement = {
  name: "ingest-status-policy",
  text: "select net_charges from tenant where tenant_id = $1",
};

/** Reads an order's rows as its tenant, in one picture. */
export async function loadOrderRows(
  database: Database,
  tenantId: string,
  orderKey: Buffer,
): Promise<OrderRows> {
  return asTenant(
    database.tenant,
    tenantId,
    async (tx) => {
      const heads = await runStatement<HeadRow>(tx, selectHead, [orderKey]);
      const windows = await runStatement<WindowRow>(tx, selectWindows, [orderKey]);
      const parked = await runStatement<ParkedStatusRow>(tx, selectParked, [orderKey]);
      const policy = await runStatement<{ net_charges: ChargeKind[] }>(tx, selectPolicy, [
        tenantId,
      ]);
      return {
        head: heads.rows[0],
        windows: windows.rows,
        parked: parked.rows[0],
        netCharges: policy.rows[0]?.net_charges ?? [],
      };
    },
    { isolation: "repeatable read", readOnly: true },
  );
}
