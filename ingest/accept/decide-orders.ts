import { type OrderPush, type OrderSnapshot, orderKeyOf } from "@tillcast/schemas";
import type { Fault } from "./faults.ts";
import { type KnownVersion, standingOf } from "./known-versions.ts";
import { normaliseOrder } from "./normalise-order.ts";
import type { ParsedOrder } from "./parse-order.ts";
import type { ResolvedPlace } from "./resolve-place.ts";
import { unknownStore } from "./stamp-context.ts";
import { unwritableFaults } from "./unwritable-faults.ts";

/** What becomes of one pushed order. */
export type Decision =
  | {
      readonly result: "rejected";
      readonly orderId: string | null;
      readonly faults: readonly Fault[];
    }
  | {
      readonly result: "parked";
      readonly orderKey: Buffer;
      readonly snapshot: OrderSnapshot;
      /** The field that says what does not fit. */
      readonly field: "storeId" | "currency";
      readonly reason: string;
      /** The feed's mapping revision at which it does not fit; null while there is no store. */
      readonly triedRevision: number | null;
    }
  | { readonly result: "accepted"; readonly orderKey: Buffer; readonly snapshot: OrderSnapshot }
  | { readonly result: "duplicate"; readonly snapshot: OrderSnapshot; readonly reason: string };

/** What is known of a request beside its orders. */
export interface Stamp {
  readonly tenantId: string;
  readonly receivedAt: number;
  /** Whether the log takes all that a snapshot can say (`hasTurned`); true when absent. */
  readonly writesPresent?: boolean;
}

/** Decides one order by itself: rejected, parked, or accepted unless it turns out to be known. */
export function decideOrder(
  parsed: ParsedOrder,
  place: ResolvedPlace | undefined,
  stamp: Stamp,
): Decision {
  if ("faults" in parsed) return { result: "rejected", ...parsed };
  const { order } = parsed;
  if (place === undefined || place.kind === "refused") {
    const faults = place === undefined ? [] : [place.fault];
    return { result: "rejected", orderId: order.orderId, faults };
  }
  const { tenantId, receivedAt } = stamp;
  const context =
    place.kind === "known"
      ? { ...place.store, ...place.feed, storeId: place.store.storeId, tenantId, receivedAt }
      : unknownStore(tenantId, place.locationId, receivedAt);
  const normalised = normaliseOrder(order, context);
  if ("faults" in normalised) {
    return { result: "rejected", orderId: order.orderId, faults: normalised.faults };
  }
  const { snapshot } = normalised;
  const unwritable = place.kind === "known" ? unwritableFaults(snapshot, stamp) : [];
  if (unwritable.length > 0) {
    return { result: "rejected", orderId: order.orderId, faults: unwritable };
  }
  const orderKey = orderKeyOf(snapshot);
  if (place.kind === "unknown") {
    const { reason } = place;
    const field = "storeId";
    return { result: "parked", orderKey, snapshot, field, reason, triedRevision: null };
  }
  const { feedCurrency, mappingRevision } = place.feed;
  if (feedCurrency === null || feedCurrency === snapshot.currency) {
    return { result: "accepted", orderKey, snapshot };
  }
  const reason = `the order is in ${snapshot.currency}, and this feed's orders are in ${feedCurrency}`;
  const field = "currency";
  return { result: "parked", orderKey, snapshot, field, reason, triedRevision: mappingRevision };
}

/** The parts of an order that say where it was sold. */
export function placeOf(order: OrderPush) {
  const { source, accountId, locationId, storeId } = order;
  return { source, accountId, locationId, storeId };
}

/**
 * Finds the duplicates among accepted orders, against what is known and against earlier orders of the
 * same request. Equal versions with other content stay accepted; the ledger counts them as conflicts.
 */
export function markDuplicates(
  decisions: readonly Decision[],
  known: ReadonlyMap<string, KnownVersion>,
): Decision[] {
  const newest = new Map(known);
  return decisions.map((decision) => {
    if (decision.result !== "accepted") return decision;
    const { snapshot, orderKey } = decision;
    const key = orderKey.toString("latin1");
    const before = newest.get(key);
    const standing = before === undefined ? "newer" : standingOf(snapshot.version, before);
    if (standing === "same" || standing === "older") {
      return { result: "duplicate", snapshot, reason: duplicateReasons[standing] };
    }
    newest.set(key, snapshot.version);
    return decision;
  });
}

const duplicateReasons = {
  same: "this version of the order was accepted before",
  older: "a newer version of the order was accepted before",
} as const;
