import { type Database, runStatement, type Statement } from "@tillcast/core/database";
import { addDays, contentHashOf, type OrderSnapshot } from "@tillcast/schemas";
import type { ImportFeed } from "./import-feed.ts";
import type { ImportStore } from "./import-store.ts";
import { loadKnownOrders } from "./name-orders.ts";
import type { Period } from "./survey-orders.ts";

/** Most business dates per statement, so that a long period is read in parts. */
const DATES_MAX_COUNT = 7;
/** Most pictures loaded at once. */
const ORDERS_MAX_COUNT = 500;

interface KeyRow {
  readonly order_key: Buffer;
  readonly order_id: string;
}

// The entries of an order that was taken back or renamed cancel out.
const selectKeys: Statement = {
  name: "ingest-import-earlier",
  text: `
    select h.order_key, h.order_id
    from ledger_entry e
    join order_head h on h.order_key = e.order_key
    where e.store_id = $1
      and e.business_date between $2 and $3
      and h.tenant_id = $4 and h.source = 'file' and h.account_id = $5 and h.location_id = $6
    group by h.order_key, h.order_id
    having sum(e.orders) <> 0 or sum(e.net) <> 0 or sum(e.refund) <> 0`,
};

/**
 * Loads, in parts, the feed's orders of a period that come from earlier files and that `isIn` does not know.
 * Leaves out orders that were taken back.
 */
export async function* findOnlyEarlier(
  database: Database,
  store: ImportStore,
  feed: ImportFeed,
  period: Period,
  isIn: (order: { readonly key: string; readonly orderId: string }) => boolean,
): AsyncGenerator<readonly OrderSnapshot[]> {
  const seen = new Set<string>();
  for (let from = period.from; from <= period.to; from = addDays(from, DATES_MAX_COUNT)) {
    const last = addDays(from, DATES_MAX_COUNT - 1);
    const to = last < period.to ? last : period.to;
    const { accountId, locationId } = feed;
    const values = [store.storeId, from, to, store.tenantId, accountId, locationId];
    const { rows } = await runStatement<KeyRow & Record<string, unknown>>(
      database.service,
      selectKeys,
      values,
    );
    const missing = rows.filter(({ order_key, order_id }) => {
      const key = order_key.toString("latin1");
      if (seen.has(key) || isIn({ key, orderId: order_id })) return false;
      seen.add(key);
      return true;
    });
    for (let at = 0; at < missing.length; at += ORDERS_MAX_COUNT) {
      const keys = missing.slice(at, at + ORDERS_MAX_COUNT).map((row) => row.order_key);
      const orders = [...(await loadKnownOrders(database, keys)).values()];
      // An order with only a refund in the period belongs to another day.
      yield orders.filter(
        ({ businessDate, status }) =>
          status !== "deleted" && businessDate >= period.from && businessDate <= period.to,
      );
    }
  }
}

/**
 * Takes an order back: makes a later picture of it that counts nothing. The vendor version stays, so that a later
 * import of the earlier file restores the order.
 */
export function takenBack(
  order: OrderSnapshot,
  feed: ImportFeed,
  receivedAt: number,
): OrderSnapshot {
  const mappingRevision = Math.max(order.version.mappingRevision, feed.mappingRevision);
  const version = { ...order.version, mappingRevision, observedAt: receivedAt, hash: "" };
  const deleted: OrderSnapshot = {
    ...order,
    status: "deleted",
    receivedAt,
    formerKey: null,
    version,
  };
  return { ...deleted, version: { ...version, hash: contentHashOf(deleted) } };
}
