import { appError } from "@tillcast/core";
import { runStatement, type Statement, uuidArray } from "@tillcast/core/database";
import type { ChargeKind, Measures } from "@tillcast/schemas";
import { composeNet, measures } from "@tillcast/schemas";
import type { ClientBase } from "pg";
import type { VendorFeedName } from "./feed-name.ts";

type Queryable = Pick<ClientBase, "query">;

/** An order that is kept and waits for its feed to be set right. */
export interface ParkedOrder extends VendorFeedName {
  readonly tenantId: string;
  readonly orderId: string;
  readonly reason: string;
  /** UTC milliseconds. */
  readonly receivedAt: number;
}

/** Parked orders of one location. */
export interface ParkedLocation extends VendorFeedName {
  readonly tenantId: string;
  /** The store that the location is mapped to; null where it waits for one. */
  readonly storeId: string | null;
  readonly orders: bigint;
  /** One of the reasons, the last by the alphabet. */
  readonly reason: string;
  /** UTC milliseconds. */
  readonly oldestReceivedAt: number;
}

/** Which parked orders are asked for. */
export interface ParkedFilter {
  readonly tenantId?: string | undefined;
  /** Only those of locations mapped to these stores; null or absent is all. */
  readonly storeIds?: readonly string[] | null | undefined;
}

const ofFilter = `
    left join feed f using (tenant_id, source, account_id, location_id)
    where p.released_at is null
      and ($1::uuid is null or p.tenant_id = $1)
      and ($2::uuid[] is null or f.store_id = any($2))`;

const selectParked: Statement = {
  name: "parked-list",
  text: `
    select
      p.tenant_id as "tenantId",
      p.source,
      p.account_id as "accountId",
      p.location_id as "locationId",
      p.order_id as "orderId",
      p.reason,
      p.received_at as "receivedAt",
      p.order_key as "orderKey",
      p.version_hash as "versionHash"
    from parked_order p
    ${ofFilter}
      and ($3::timestamptz is null or (p.received_at, p.order_key, p.version_hash) < ($3, $4::bytea, $5::text))
    order by p.received_at desc, p.order_key desc, p.version_hash desc
    limit $6`,
};

const selectLocations: Statement = {
  name: "parked-locations",
  text: `
    select
      p.tenant_id as "tenantId",
      p.source,
      p.account_id as "accountId",
      p.location_id as "locationId",
      f.store_id as "storeId",
      count(*) as orders,
      max(p.reason) as reason,
      min(p.received_at) as "oldestReceivedAt"
    from parked_order p
    ${ofFilter}
    group by 1, 2, 3, 4, 5
    order by 6 desc, 1, 2, 3, 4
    limit $3`,
};

/** Most locations of one answer; the counts of the largest come first. */
export const parkedLocationsMaxCount = 500;

/** Parked orders by location, those with most of them first. */
export async function listParkedLocations(
  db: Queryable,
  filter: ParkedFilter,
): Promise<ParkedLocation[]> {
  const values = [...filterValues(filter), parkedLocationsMaxCount];
  return (await runStatement<ParkedLocation & Record<string, unknown>>(db, selectLocations, values))
    .rows;
}

interface ParkedRow extends ParkedOrder, Record<string, unknown> {
  readonly orderKey: Buffer;
  readonly versionHash: string;
}

/** A page of parked orders, the newest first, and where the next one begins. */
export async function listParkedOrders(
  db: Queryable,
  page: ParkedFilter & { readonly cursor?: string | undefined; readonly limit: number },
): Promise<{ readonly orders: ParkedOrder[]; readonly nextCursor: string | null }> {
  const after = page.cursor === undefined ? undefined : readCursor(page.cursor);
  const { rows } = await runStatement<ParkedRow>(db, selectParked, [
    ...filterValues(page),
    after === undefined ? null : new Date(after.receivedAt),
    after?.orderKey ?? null,
    after?.versionHash ?? null,
    page.limit + 1,
  ]);
  const last = rows[page.limit - 1];
  return {
    orders: rows.slice(0, page.limit).map(({ orderKey: _, versionHash: __, ...order }) => order),
    nextCursor: rows.length > page.limit && last !== undefined ? cursorOf(last) : null,
  };
}

const selectReleased: Statement = {
  name: "parked-released",
  text: `
    with released as (
      select distinct order_key from parked_order
      where tenant_id = $1 and source = $2 and account_id = $3 and location_id = $4
        and released_at >= $5
    )
    select
      (select count(*) from released) as released,
      e.currency,
      t.net_charges as "netCharges",
      ${measures.map((name) => `coalesce(sum(e.${name}), 0)::bigint as ${name}`).join(",\n      ")}
    from tenant t
    left join (released join ledger_entry e using (order_key)) on true
    where t.tenant_id = $1
    group by e.currency, t.net_charges
    order by e.currency`,
};

interface ReleasedRow extends Measures, Record<string, unknown> {
  readonly released: bigint;
  readonly currency: string | null;
  readonly netCharges: readonly ChargeKind[];
}

/** What became of parked orders: how many were released, and what the ledger counts of them by currency. */
export interface ReleasedOrders {
  readonly orders: number;
  readonly net: readonly { readonly currency: string; readonly amount: bigint }[];
}

/** Counts a location's orders that were released since an instant (UTC milliseconds). */
export async function countReleased(
  db: Queryable,
  tenantId: string,
  { source, accountId, locationId }: VendorFeedName,
  sinceMs: number,
): Promise<ReleasedOrders> {
  const values = [tenantId, source, accountId, locationId, new Date(sinceMs)];
  const { rows } = await runStatement<ReleasedRow>(db, selectReleased, values);
  return {
    orders: Number(rows[0]?.released ?? 0n),
    net: rows.flatMap((row) =>
      row.currency === null
        ? []
        : [{ currency: row.currency, amount: composeNet(row, row.netCharges) }],
    ),
  };
}

const filterValues = ({ tenantId, storeIds }: ParkedFilter) => [
  tenantId ?? null,
  storeIds === null || storeIds === undefined ? null : uuidArray([...storeIds]),
];

interface ParkedCursor {
  readonly receivedAt: number;
  readonly orderKey: Buffer;
  readonly versionHash: string;
}

function cursorOf({ receivedAt, orderKey, versionHash }: ParkedCursor): string {
  return Buffer.from(`${receivedAt} ${orderKey.toString("hex")} ${versionHash}`).toString(
    "base64url",
  );
}

function readCursor(text: string): ParkedCursor {
  const parts = /^(\d{1,15}) ([0-9a-f]{32}) ([0-9a-f]{32})$/.exec(
    Buffer.from(text, "base64url").toString(),
  );
  if (parts === null) {
    throw appError("validationFailed", { field: "cursor", reason: "is none of ours" });
  }
  const [, receivedAt, key, versionHash] = parts as unknown as [string, string, string, string];
  return { receivedAt: Number(receivedAt), orderKey: Buffer.from(key, "hex"), versionHash };
}
