import { measures, type OrderSnapshot, orderSnapshotCodec } from "@tillcast/schemas";
import {
  arrivedOrder,
  foldOrders,
  type NewHead,
  postedCodec,
} from "@tillcast/stream-processors/ledger";
import type { StoredEntry } from "../verify/compare-ledger.ts";
import type { StoredHead } from "../verify/head-columns.ts";

/** An order as the tables have it after its pictures were settled one by one. */
export interface StoredOrder {
  readonly head: StoredHead;
  readonly entries: readonly StoredEntry[];
}

/** Settles the pictures of one order without a database. */
export function storedOrder(...pictures: readonly OrderSnapshot[]): StoredOrder {
  const arrived = pictures.map((picture) =>
    arrivedOrder(picture, orderSnapshotCodec.encode(picture)),
  );
  const { heads, entries } = foldOrders(new Map(), arrived);
  const [head] = heads;
  if (head === undefined) throw new Error("an order has at least one picture");
  return {
    // Folded in one batch, a head has one revision for all pictures; settled one by one, one each.
    head: { ...storedHead(head), head_revision: pictures.length },
    entries: entries.map(({ entryId, orderKey, order, place, entry }) => ({
      ...(Object.fromEntries(
        measures.map((measure, index) => [measure, entry.values[index] ?? 0n]),
      ) as Record<(typeof measures)[number], bigint>),
      entry_id: Buffer.from(entryId, "latin1"),
      order_key: Buffer.from(orderKey, "latin1"),
      tenant_id: order.tenantId,
      store_id: place.storeId,
      counted_at: entry.countedAt,
      business_date: entry.businessDate,
      occurred_at: entry.occurredAt,
      recorded_at: order.receivedAt,
      channel: place.channel,
      currency: place.currency,
    })),
  };
}

const storedHead = ({ orderKey, order, ...head }: NewHead): StoredHead => ({
  order_key: Buffer.from(orderKey, "latin1"),
  tenant_id: order.tenantId,
  store_id: order.storeId,
  source: order.source,
  account_id: order.accountId,
  location_id: order.locationId,
  order_id: order.orderId,
  vendor_version: BigInt(head.version.vendorVersion),
  mapping_revision: head.version.mappingRevision,
  observed_at: head.version.observedAt,
  content_hash: head.version.hash,
  head_revision: head.headRevision,
  fold_revision: head.foldRevision,
  schema_fingerprint: head.fingerprint,
  snapshot: head.bytes,
  posted: postedCodec.encode(head.posted),
  is_open: head.posted.open !== null,
  moved_to: null,
  is_withheld: order.isWithheld,
  posted_from: head.postedFrom,
  posted_to: head.postedTo,
  recorded_at: order.receivedAt,
});
