import { hash as digestOf } from "node:crypto";
import { channelText, compareVersions, type OrderVersion } from "@tillcast/schemas";
import { type EntryChange, entryDifferences } from "./difference.ts";
import {
  type DecidedNames,
  isPlainlyNamed,
  misfitOf,
  type NameConflict,
  nameOrder,
} from "./name-orders.ts";
import {
  type ArrivedOrder,
  type HeadOrder,
  type HeldOrder,
  isStored,
  type NewHead,
  type OrderHead,
  type StoredHead,
} from "./order-head.ts";
import type { Posted } from "./posted.ts";

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
  /** Pictures that are not of the order known under their name. */
  readonly nameConflicts: readonly NameConflict[];
}

/**
 * Folds snapshots, in the order they came, onto the heads that were read (by order key as latin1 text).
 * Pure: no clock, no look-up. Each newer snapshot posts its own entries, so that the ledger does not
 * depend on how the log was cut into batches. `decided` is what a replay takes over about names.
 */
export function foldOrders(
  heads: ReadonlyMap<string, OrderHead>,
  arrived: readonly ArrivedOrder[],
  decided?: DecidedNames,
): FoldedBatch {
  const newHeads = new Map<string, NewHead>();
  const entries: LedgerEntry[] = [];
  const added: Posted[] = [];
  const takenBack: Posted[] = [];
  const stores = new Map<string, string>();
  const nameConflicts: NameConflict[] = [];
  let unchanged = 0;
  let conflicts = 0;
  const headUnder = (orderKey: string) => newHeads.get(orderKey) ?? heads.get(orderKey);

  /** Puts a picture under a key, of which `head` is known, when it is newer than that. */
  function put(orderKey: string, one: HeldOrder, head: OrderHead | undefined): void {
    const { order, posted } = one;
    if (head !== undefined && compareVersions(order.version, head.version) <= 0) {
      unchanged += 1;
      return;
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
    write(orderKey, one, posted, head, null);
  }

  // Written out, since a head is made for most orders: a spread would copy each of them twice.
  function write(
    orderKey: string,
    { order, foldRevision, bytes, fingerprint, read }: HeldOrder,
    posted: Posted,
    head: OrderHead | undefined,
    movedTo: string | null,
  ): void {
    newHeads.set(orderKey, {
      orderKey,
      order,
      posted,
      foldRevision,
      bytes,
      fingerprint,
      read,
      version: order.version,
      headRevision: (head?.headRevision ?? 0) + 1,
      readRevision: head === undefined ? null : (heads.get(orderKey)?.headRevision ?? null),
      postedFrom: extreme(Math.min, head?.postedFrom ?? null, posted),
      postedTo: extreme(Math.max, head?.postedTo ?? null, posted),
      movedTo,
      picture: null,
    });
  }

  /** Empties what is known under a name, and lets the name lead to another order. */
  function leave(name: string, orderKey: string, one: ArrivedOrder): void {
    const head = headUnder(name);
    const left = head !== undefined && isStored(head) ? head : one;
    if (head !== undefined) {
      for (const { place, entry } of entryDifferences(head.posted, emptied(head.posted))) {
        const suffix = ` moved to ${orderKey}`;
        const entryId = entryIdOf(name, head.version, { place, entry }, suffix);
        entries.push({ entryId, orderKey: name, order: left.order, place, entry });
      }
      takenBack.push(head.posted);
      stores.set(head.posted.storeId, one.order.tenantId);
    }
    stores.set(one.order.storeId, one.order.tenantId);
    write(name, left, emptied(left.posted), head, orderKey);
  }

  for (const one of arrived) {
    const known = headUnder(one.orderKey);
    if (decided === undefined && isPlainlyNamed(one, known)) {
      put(one.orderKey, one, known);
      continue;
    }
    const named = nameOrder(one, headUnder, decided);
    if (named.kind === "parked") {
      nameConflicts.push(named.conflict);
      if (named.staysAt !== null) put(named.staysAt, one, headUnder(named.staysAt));
      continue;
    }
    const { orderKey } = named;
    if (named.isNewName) leave(one.orderKey, orderKey, one);
    const former = formerHead(one, orderKey, headUnder, decided);
    if (former !== undefined) {
      // What is known under the name that it leaves may be newer than the picture that says so.
      if (former.head !== undefined) put(orderKey, former.head, headUnder(orderKey));
      leave(former.name, orderKey, one);
    }
    put(orderKey, one, headUnder(orderKey));
  }
  return {
    heads: [...newHeads.values()],
    entries,
    added,
    takenBack,
    stores,
    unchanged,
    conflicts,
    nameConflicts,
  };
}

/** The head of the name that an order leaves; undefined where it left before or another order has it. */
function formerHead(
  one: ArrivedOrder,
  orderKey: string,
  headUnder: (orderKey: string) => OrderHead | undefined,
  decided: DecidedNames | undefined,
): { readonly name: string; readonly head: StoredHead | undefined } | undefined {
  const name = one.naming?.leaves ?? null;
  if (name === null || name === orderKey) return undefined;
  const head = headUnder(name);
  // A replay puts what came under the name where it leads to, and finds a head there on a base alone.
  if (head === undefined) return decided === undefined ? { name, head } : undefined;
  if (head.movedTo !== null || !isStored(head)) return undefined;
  if (decided !== undefined) return decided.moved.has(name) ? { name, head } : undefined;
  return misfitOf(head, one) === undefined ? { name, head } : undefined;
}

/** What a head that posts nothing posts. */
export const emptied = ({ storeId, channel, currency }: Posted): Posted => ({
  storeId,
  channel,
  currency,
  entries: [],
  items: [],
  tenders: [],
  open: null,
});

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
  let found = before;
  for (const { countedAt } of posted.entries) {
    found = found === null ? countedAt : pick(found, countedAt);
  }
  return found;
}
