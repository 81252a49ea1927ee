import { hash as digestOf } from "node:crypto";
import {
  channelText,
  compareVersions,
  type OrderSnapshot,
  type OrderVersion,
  orderKeyText,
  orderSnapshotCodec,
} from "@tillcast/schemas";
import { type EntryChange, entryDifferences } from "./difference.ts";
import { currentFold, type Fold } from "./fold.ts";
import type { Posted } from "./posted.ts";
import { shareText } from "./share-text.ts";

/** A head as it was read: what the ledger reflects of one order. */
export interface OrderHead {
  readonly version: OrderVersion;
  readonly headRevision: number;
  readonly posted: Posted;
  /** First and last instant the order ever posted at; null while it has not. */
  readonly postedFrom: number | null;
  readonly postedTo: number | null;
}

/** What is still asked of a snapshot once its postings are known. */
export interface HeadOrder {
  readonly tenantId: string;
  readonly storeId: string;
  readonly source: string;
  readonly accountId: string;
  readonly locationId: string;
  readonly orderId: string;
  readonly version: OrderVersion;
  readonly receivedAt: number;
  /** Kept and not counted. */
  readonly isWithheld: boolean;
}

/**
 * A snapshot's postings with the bytes it arrived as, which the head keeps. Its lines and payments are let
 * go at once: kept until the commit, they were what the garbage collector had most to do with.
 */
export interface ArrivedOrder {
  /** The 16 bytes of the order's key as latin1 text. */
  readonly orderKey: string;
  readonly order: HeadOrder;
  readonly posted: Posted;
  readonly foldRevision: number;
  readonly bytes: Buffer;
  /** Names the schema that wrote the bytes. */
  readonly fingerprint: Buffer;
}

/** A head as it is to be written. */
export interface NewHead extends OrderHead, ArrivedOrder {
  /** Revision that was read; null for an order not seen before. Compared when it is written. */
  readonly readRevision: number | null;
}

/** An append-only line of the ledger. */
export interface LedgerEntry extends EntryChange {
  /** 16 bytes as latin1 text, as the order's key. */
  readonly entryId: string;
  readonly orderKey: string;
  readonly order: HeadOrder;
}

/** What a batch of snapshots does to the tables. */
export interface FoldedBatch {
  readonly heads: readonly NewHead[];
  readonly entries: readonly LedgerEntry[];
  /** What the rollups gain, and what they lose as newer versions replace it. */
  readonly added: readonly Posted[];
  readonly takenBack: readonly Posted[];
  /** Stores touched, with their tenant. */
  readonly stores: ReadonlyMap<string, string>;
  /** Snapshots that were not newer than their head. */
  readonly unchanged: number;
  /** Equal vendor version with other content. */
  readonly conflicts: number;
}

/** Takes from a record's order what the ledger needs of it. */
export function arrivedOrder(
  snapshot: OrderSnapshot,
  bytes: Buffer,
  fold: Fold = currentFold,
  fingerprint: Buffer = orderSnapshotCodec.fingerprint,
): ArrivedOrder {
  const { orderId, version, receivedAt } = snapshot;
  return {
    orderKey: orderKeyText(snapshot),
    order: {
      tenantId: shareText(snapshot.tenantId),
      storeId: shareText(snapshot.storeId),
      source: shareText(snapshot.source),
      accountId: shareText(snapshot.accountId),
      locationId: shareText(snapshot.locationId),
      orderId,
      version,
      receivedAt,
      isWithheld: snapshot.withheld !== null,
    },
    posted: fold.postingsOf(snapshot),
    foldRevision: fold.revision,
    bytes,
    fingerprint,
  };
}

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
  const added: Posted[] = [];
  const takenBack: Posted[] = [];
  const stores = new Map<string, string>();
  let unchanged = 0;
  let conflicts = 0;
  for (const one of arrived) {
    const { orderKey, order, posted } = one;
    const head = newHeads.get(orderKey) ?? heads.get(orderKey);
    if (head !== undefined && compareVersions(order.version, head.version) <= 0) {
      unchanged += 1;
      continue;
    }
    if (head !== undefined && isConflict(order.version, head.version)) conflicts += 1;
    for (const { place, entry } of entryDifferences(head?.posted ?? null, posted)) {
      const entryId = entryIdOf(orderKey, order.version, { place, entry });
      entries.push({ entryId, orderKey, order, place, entry });
    }
    added.push(posted);
    if (head !== undefined) takenBack.push(head.posted);
    stores.set(order.storeId, order.tenantId);
    if (head !== undefined) stores.set(head.posted.storeId, order.tenantId);
    newHeads.set(orderKey, {
      ...one,
      version: order.version,
      headRevision: (head?.headRevision ?? 0) + 1,
      readRevision: heads.get(orderKey)?.headRevision ?? null,
      postedFrom: extreme(Math.min, head?.postedFrom ?? null, posted),
      postedTo: extreme(Math.max, head?.postedTo ?? null, posted),
    });
  }
  return {
    heads: [...newHeads.values()],
    entries,
    added,
    takenBack,
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

/**
 * 16 bytes that are the same each time the same version posts the same entry. What a later fold posts of
 * that version is told apart by `suffix`.
 */
export function entryIdOf(
  orderKey: string,
  version: OrderVersion,
  { place, entry }: EntryChange,
  suffix = "",
): string {
  const { vendorVersion, mappingRevision, observedAt, hash } = version;
  const where = `${place.storeId} ${entry.countedAt} ${entry.businessDate} ${channelText(place.channel)} ${place.currency}`;
  const identity = `${orderKey} ${vendorVersion} ${mappingRevision} ${observedAt} ${hash} ${where}${suffix}`;
  return digestOf("sha256", identity, "binary").slice(0, 16);
}

/** The first or last instant of what was posted before and now. */
export function extreme(
  pick: (a: number, b: number) => number,
  before: number | null,
  posted: Posted,
): number | null {
  return posted.entries.reduce<number | null>(
    (found, { countedAt }) => (found === null ? countedAt : pick(found, countedAt)),
    before,
  );
}
