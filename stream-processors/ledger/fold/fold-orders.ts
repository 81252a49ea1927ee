import { hash as digestOf } from "node:crypto";
import {
  compareVersions,
  type OrderSnapshot,
  type OrderVersion,
  orderKeyOf,
} from "@tillcast/schemas";
import {
  differenceOf,
  type EntryChange,
  type ItemChange,
  type OpenChange,
  type TenderChange,
} from "./difference.ts";
import type { Posted } from "./posted.ts";
import { postingsOf } from "./postings.ts";

/** A head as it was read: what the ledger reflects of one order. */
export interface OrderHead {
  readonly version: OrderVersion;
  readonly headRevision: number;
  readonly posted: Posted;
  /** First and last instant the order ever posted at; null while it has not. */
  readonly postedFrom: number | null;
  readonly postedTo: number | null;
}

/** A snapshot with the bytes it arrived as, which the head keeps. */
export interface ArrivedOrder {
  readonly orderKey: Buffer;
  readonly order: OrderSnapshot;
  readonly bytes: Buffer;
}

/** A head as it is to be written. */
export interface NewHead extends OrderHead {
  readonly orderKey: Buffer;
  readonly order: OrderSnapshot;
  readonly bytes: Buffer;
  /** Revision that was read; null for an order not seen before. Compared when it is written. */
  readonly readRevision: number | null;
}

/** An append-only line of the ledger. */
export interface LedgerEntry extends EntryChange {
  readonly entryId: Buffer;
  readonly orderKey: Buffer;
  readonly tenantId: string;
  readonly recordedAt: number;
}

/** What a batch of snapshots does to the tables. */
export interface FoldedBatch {
  readonly heads: readonly NewHead[];
  readonly entries: readonly LedgerEntry[];
  readonly items: readonly ItemChange[];
  readonly tenders: readonly TenderChange[];
  readonly open: readonly OpenChange[];
  /** Stores touched, with their tenant. */
  readonly stores: ReadonlyMap<string, string>;
  /** Snapshots that were not newer than their head. */
  readonly unchanged: number;
  /** Equal vendor version with other content. */
  readonly conflicts: number;
}

/** Reads a record's order with its key. */
export const arrivedOrder = (order: OrderSnapshot, bytes: Buffer): ArrivedOrder => ({
  orderKey: orderKeyOf(order),
  order,
  bytes,
});

/**
 * Folds snapshots, in the order they came, onto the heads that were read (by order key as latin1 text).
 * Pure: no clock, no look-up. Each newer snapshot posts its own entries, so that the ledger does not
 * depend on how the log was cut into batches.
 */
export function foldOrders(
  heads: ReadonlyMap<string, OrderHead>,
  arrived: readonly ArrivedOrder[],
): FoldedBatch {
  const newHeads = new Map<string, NewHead>();
  const entries: LedgerEntry[] = [];
  const items: ItemChange[] = [];
  const tenders: TenderChange[] = [];
  const open: OpenChange[] = [];
  const stores = new Map<string, string>();
  let unchanged = 0;
  let conflicts = 0;
  for (const { orderKey, order, bytes } of arrived) {
    const key = orderKey.toString("latin1");
    const head = newHeads.get(key) ?? heads.get(key);
    if (head !== undefined && compareVersions(order.version, head.version) <= 0) {
      unchanged += 1;
      continue;
    }
    if (head !== undefined && isConflict(order.version, head.version)) conflicts += 1;
    const posted = postingsOf(order);
    const change = differenceOf(head?.posted ?? null, posted);
    for (const entry of change.entries) entries.push(ledgerEntry(orderKey, order, entry));
    items.push(...change.items);
    tenders.push(...change.tenders);
    open.push(...change.open);
    stores.set(order.storeId, order.tenantId);
    if (head !== undefined) stores.set(head.posted.storeId, order.tenantId);
    newHeads.set(key, {
      orderKey,
      order,
      bytes,
      version: order.version,
      posted,
      headRevision: (head?.headRevision ?? 0) + 1,
      readRevision: heads.get(key)?.headRevision ?? null,
      postedFrom: extreme(Math.min, head?.postedFrom ?? null, posted),
      postedTo: extreme(Math.max, head?.postedTo ?? null, posted),
    });
  }
  return {
    heads: [...newHeads.values()],
    entries,
    items,
    tenders,
    open,
    stores,
    unchanged,
    conflicts,
  };
}

/** A vendor that gives two contents one version: the later one wins, and it is counted. */
const isConflict = (a: OrderVersion, b: OrderVersion): boolean =>
  a.vendorVersion === b.vendorVersion &&
  a.mappingRevision === b.mappingRevision &&
  a.hash !== b.hash;

function ledgerEntry(orderKey: Buffer, order: OrderSnapshot, change: EntryChange): LedgerEntry {
  return {
    ...change,
    entryId: entryIdOf(orderKey, order.version, change),
    orderKey,
    tenantId: order.tenantId,
    recordedAt: order.receivedAt,
  };
}

/** 16 bytes that are the same each time the same version posts the same entry. */
function entryIdOf(orderKey: Buffer, version: OrderVersion, change: EntryChange): Buffer {
  const { vendorVersion, mappingRevision, observedAt, hash } = version;
  const entry = `${change.storeId} ${change.countedAt} ${change.businessDate} ${change.channel} ${change.currency}`;
  const identity = `${orderKey.toString("latin1")} ${vendorVersion} ${mappingRevision} ${observedAt} ${hash} ${entry}`;
  return digestOf("sha256", identity, "buffer").subarray(0, 16);
}

function extreme(
  pick: (a: number, b: number) => number,
  before: number | null,
  posted: Posted,
): number | null {
  return posted.entries.reduce<number | null>(
    (found, { countedAt }) => (found === null ? countedAt : pick(found, countedAt)),
    before,
  );
}
