import {
  isSurelySameLife,
  lifeDifference,
  lifeOf,
  type OrderLife,
  type OrderSnapshot,
  orderSnapshotCodec,
  storeDifference,
} from "@tillcast/schemas";
import {
  type ArrivedOrder,
  type HeldOrder,
  isStored,
  type KnownPicture,
  type OrderHead,
} from "./order-head.ts";

/** What the ledger once decided about names, by which replay decides the same, whatever comes first. */
export interface DecidedNames {
  /** Pictures that were parked, as `conflictKey`. */
  readonly parked: ReadonlySet<string>;
  /** Names that were left, with the key of the order that they lead to. */
  readonly moved: ReadonlyMap<string, string>;
}

/** Names a parked picture: the key of its name, and the hash of its content. */
export const conflictKey = (orderKey: string, hash: string): string => `${orderKey} ${hash}`;

/** A picture that does not fit the order known under its name: kept with both, and counted nowhere. */
export interface NameConflict {
  readonly arrived: ArrivedOrder;
  readonly reason: string;
  /** The order that was known then; null where a replay takes over what was decided. */
  readonly known: KnownPicture | null;
}

/** What an arrived order turns out to be. */
export type NamedOrder =
  | {
      readonly kind: "parked";
      readonly conflict: NameConflict;
      /** Where the order is counted none the less: under the name that it could not leave. */
      readonly staysAt: string | null;
    }
  | {
      readonly kind: "order";
      /** The key of the order that it is a picture of. */
      readonly orderKey: string;
      /** Its own name is written down as leading to that order. */
      readonly isNewName: boolean;
    };

type Lookup = (orderKey: string) => OrderHead | undefined;

/**
 * Whether an order is surely the one that its key names, where `known` stands: it may be no other, and
 * claims no other name. `nameOrder` would say the same of it; most orders are such, and need no more look-ups.
 */
export function isPlainlyNamed(one: ArrivedOrder, known: OrderHead | undefined): boolean {
  const { naming } = one;
  if (naming !== null && (naming.formerName !== null || naming.leaves !== null)) return false;
  if (known === undefined) return true;
  if (known.movedTo !== null || naming?.checksLife === true) return false;
  return otherStoreOf(known, one) === undefined;
}

/**
 * Decides which order an arrived picture is of: the one known under its name, the one that its name leads
 * to, the one that a release before knew by number alone, or none, when it does not fit. It is decided
 * before versions are compared, since a number that is used again may come with a lower version. Pure.
 */
export function nameOrder(
  one: ArrivedOrder,
  headUnder: Lookup,
  decided?: DecidedNames,
): NamedOrder {
  if (decided !== undefined) return nameAsDecided(one, decided);
  const orderKey = targetOf(one.orderKey, headUnder);
  const known = headUnder(orderKey);
  if (known === undefined) {
    const former = formerOf(one, headUnder);
    return { kind: "order", orderKey: former ?? orderKey, isNewName: former !== undefined };
  }
  const reason = one.naming?.checksLife ? misfitOf(known, one) : otherStoreOf(known, one);
  if (reason === undefined) return { kind: "order", orderKey, isNewName: false };
  const staysAt = one.naming?.leaves == null ? null : targetOf(one.naming.leaves, headUnder);
  const former = staysAt === null ? undefined : headUnder(staysAt);
  const isCounted = former !== undefined && misfitOf(former, one) === undefined;
  return {
    kind: "parked",
    conflict: { arrived: one, reason, known: pictureOf(known) },
    staysAt: isCounted ? staysAt : null,
  };
}

function nameAsDecided(one: ArrivedOrder, { parked, moved }: DecidedNames): NamedOrder {
  if (!one.naming?.isDecided && parked.has(conflictKey(one.orderKey, one.order.version.hash))) {
    const leaves = one.naming?.leaves ?? null;
    return {
      kind: "parked",
      conflict: { arrived: one, reason: "as it was decided", known: null },
      staysAt: leaves === null ? null : endOf(leaves, moved),
    };
  }
  return { kind: "order", orderKey: endOf(one.orderKey, moved), isNewName: false };
}

/** The key to which a name leads by what was decided; its own where it was not left. */
export function endOf(name: string, moved: ReadonlyMap<string, string>): string {
  let key = name;
  for (let next = moved.get(key); next !== undefined; next = moved.get(key)) key = next;
  return key;
}

/** The key at the end of the names that lead on. */
export function targetOf(orderKey: string, headUnder: Lookup): string {
  let key = orderKey;
  for (let to = headUnder(key)?.movedTo; to; to = headUnder(key)?.movedTo) key = to;
  return key;
}

/** The key by which a release before knew this order; undefined where it knew another, or none. */
function formerOf(one: ArrivedOrder, headUnder: Lookup): string | undefined {
  const former = one.naming?.formerName ?? null;
  if (former === null || headUnder(former) === undefined) return undefined;
  const orderKey = targetOf(former, headUnder);
  const head = headUnder(orderKey);
  const isOfStore = head !== undefined && pictureOf(head)?.storeId === one.order.storeId;
  return isOfStore && misfitOf(head, one) === undefined ? orderKey : undefined;
}

/** Why a picture is of another bill than a head; undefined where it is of the same, or nothing is known. */
export function misfitOf(head: OrderHead, one: ArrivedOrder): string | undefined {
  const picture = pictureOf(head);
  if (picture === null || one.naming === null) return undefined;
  if (head.version.hash === one.order.version.hash) return undefined;
  const known = picture.life();
  // Most edits are told by their opening, and what is on the bill need not be read.
  if (isSurelySameLife(known, one.naming.lifeMarks)) return undefined;
  return lifeDifference(known, lifeOfBytes(one));
}

/** A sender's slip never moves an order to another store, also where numbers are unique. */
function otherStoreOf(head: OrderHead, one: ArrivedOrder): string | undefined {
  if (!one.checksStore) return undefined;
  const picture = pictureOf(head);
  if (picture === null || picture.storeId === one.order.storeId) return undefined;
  return storeDifference(picture.life(), one.order);
}

function pictureOf(head: OrderHead): KnownPicture | null {
  if (!isStored(head)) return head.picture;
  const { order, bytes, fingerprint } = head;
  return (
    head.picture ?? { storeId: order.storeId, bytes, fingerprint, life: () => lifeOfBytes(head) }
  );
}

const lifeOfBytes = ({ bytes, read = orderSnapshotCodec.decode }: HeldOrder): OrderLife =>
  lifeOf(read(bytes) as OrderSnapshot);
