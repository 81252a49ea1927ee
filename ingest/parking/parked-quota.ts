/** How many orders a tenant may let wait. Without a limit one key could fill the database of all tenants. */
import {
  byteaArray,
  type Database,
  runStatement,
  type Statement,
  textArray,
} from "@tillcast/core/database";
import { LRUCache } from "lru-cache";
import type { Fault } from "../orders/faults.ts";
import type { OrderToPark } from "./park-orders.ts";

/** The limits of one tenant. */
export interface ParkedLimits {
  readonly ordersMax: number;
  /** Bytes of the orders: as stored where they wait, as pushed where they come. */
  readonly bytesMax: number;
}

/** What waits of one tenant. */
export interface ParkedUse {
  readonly orders: number;
  readonly bytes: number;
}

/** Finds the orders that may not be parked. */
export interface ParkedQuota {
  /** The fault of each order, at the same index; undefined where it may be parked, or is parked already. */
  check(tenantId: string, orders: readonly OrderToPark[]): Promise<readonly (Fault | undefined)[]>;
}

/** How long a count is believed. Several processes together may exceed a limit by what they park meanwhile. */
const USE_TTL_MS = 5_000;
const TENANTS_MAX_COUNT = 10_000;

// The size as stored: to turn each order into text would take as long as to read them all.
const selectUse: Statement = {
  name: "ingest-select-parked-use",
  text: `
    select count(*)::int as orders, coalesce(sum(pg_column_size(payload)), 0)::float8 as bytes
    from parked_order
    where tenant_id = $1 and released_at is null`,
};

const selectParked: Statement = {
  name: "ingest-select-parked-keys",
  text: `
    select p.order_key, p.version_hash
    from parked_order p
    join unnest($2::bytea[], $3::text[]) as asked (order_key, version_hash)
      using (order_key, version_hash)
    where p.tenant_id = $1 and p.released_at is null`,
};

/** Makes the check. What this process parks counts at once, what others park after `USE_TTL_MS`. */
export function makeParkedQuota(database: Database, limits: ParkedLimits): ParkedQuota {
  const uses = new LRUCache<string, ParkedUse>({ max: TENANTS_MAX_COUNT, ttl: USE_TTL_MS });
  const useOf = async (tenantId: string): Promise<ParkedUse> => {
    const known = uses.get(tenantId);
    if (known !== undefined) return known;
    const { rows } = await runStatement<ParkedUse>(database.service, selectUse, [tenantId]);
    return rows[0] as ParkedUse;
  };
  return {
    async check(tenantId, orders) {
      if (orders.length === 0) return [];
      const parked = await parkedKeys(database, tenantId, orders);
      const added = orders.filter((order) => !parked.has(keyOf(order)));
      const counted = await useOf(tenantId);
      // Another request may have charged what it parks while this one waited for the count.
      const { faults, use } = admit(uses.get(tenantId) ?? counted, added, limits);
      uses.set(tenantId, use, { noUpdateTTL: true });
      const faultOf = new Map(added.map((order, at) => [order, faults[at]]));
      return orders.map((order) => faultOf.get(order));
    },
  };
}

/** Admits orders one by one until a limit is reached. Resolves with the use after them. */
export function admit(
  before: ParkedUse,
  orders: readonly OrderToPark[],
  { ordersMax, bytesMax }: ParkedLimits,
): { readonly faults: (Fault | undefined)[]; readonly use: ParkedUse } {
  let use = before;
  const faults = orders.map(({ payload }): Fault | undefined => {
    const bytes = use.bytes + Buffer.byteLength(JSON.stringify(payload));
    if (use.orders >= ordersMax) return tooMany(`${ordersMax} orders`);
    if (bytes > bytesMax) return tooMany(`orders of ${bytesMax} bytes`);
    use = { orders: use.orders + 1, bytes };
    return undefined;
  });
  return { faults, use };
}

function tooMany(what: string): Fault {
  return {
    field: "locationId",
    reason: `cannot wait for its feed to be set right: ${what} of this tenant may wait; map their locations, then send this one again`,
  };
}

async function parkedKeys(
  database: Database,
  tenantId: string,
  orders: readonly OrderToPark[],
): Promise<Set<string>> {
  const { rows } = await runStatement<{ order_key: Buffer; version_hash: string }>(
    database.service,
    selectParked,
    [
      tenantId,
      byteaArray(orders.map(({ orderKey }) => orderKey)),
      textArray(orders.map(({ snapshot }) => snapshot.version.hash)),
    ],
  );
  return new Set(rows.map((row) => `${row.order_key.toString("hex")} ${row.version_hash}`));
}

const keyOf = ({ orderKey, snapshot }: OrderToPark): string =>
  `${orderKey.toString("hex")} ${snapshot.version.hash}`;
