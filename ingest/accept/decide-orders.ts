import {
  isSurelySameLife,
  lifeDifference,
  lifeMarksOf,
  lifeOf,
  locationSpaceOf,
  type OrderPush,
  type OrderSnapshot,
  orderKeyOf,
} from "@tillcast/schemas";
import type { Fault } from "../orders/faults.ts";
import { normaliseOrder } from "../orders/normalise-order.ts";
import type { ParsedOrder } from "../orders/parse-order.ts";
import { unknownStore } from "../orders/stamp-context.ts";
import { unwritableFaults } from "../orders/unwritable-faults.ts";
import type { ResolvedPlace } from "../places/resolve-place.ts";
import { type KnownVersion, standingOf } from "./known-versions.ts";

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
      readonly space: string | null;
      /** The feed's mapping revision at which it does not fit; null while there is no store. */
      readonly triedRevision: number | null;
    }
  | AcceptedOrder
  | {
      readonly result: "duplicate";
      readonly snapshot: OrderSnapshot;
      readonly reason: string;
      readonly space: string | null;
    };

/** An order that goes to the log. */
export interface AcceptedOrder {
  readonly result: "accepted";
  readonly orderKey: Buffer;
  readonly snapshot: OrderSnapshot;
  /** The number space by which its status is asked for, where its number alone does not name it. */
  readonly space: string | null;
  /** Why it is no picture of the order known under its number; the ledger will park it. */
  readonly misfit?: string;
}

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
  const { tenantId, receivedAt, writesPresent = true } = stamp;
  const of = { tenantId, receivedAt, writesPresent };
  const context =
    place.kind === "known"
      ? { ...place.store, ...place.feed, storeId: place.store.storeId, ...of }
      : { ...unknownStore(tenantId, place.locationId, receivedAt), ...of };
  const normalised = normaliseOrder(order, context);
  if ("faults" in normalised) {
    return { result: "rejected", orderId: order.orderId, faults: normalised.faults };
  }
  const { snapshot } = normalised;
  const unwritable = place.kind === "known" ? unwritableFaults(snapshot, stamp) : [];
  if (unwritable.length > 0) {
    return { result: "rejected", orderId: order.orderId, faults: unwritable };
  }
  const named = {
    orderKey: orderKeyOf(snapshot),
    snapshot,
    space: statusSpaceOf(snapshot, context.isOnlyLocation),
  };
  if (place.kind === "unknown") {
    const { reason } = place;
    return { result: "parked", ...named, field: "storeId", reason, triedRevision: null };
  }
  const { feedCurrency, mappingRevision } = place.feed;
  if (feedCurrency === null || feedCurrency === snapshot.currency) {
    return { result: "accepted", ...named };
  }
  const reason = `the order is in ${snapshot.currency}, and this feed's orders are in ${feedCurrency}`;
  const field = "currency";
  return { result: "parked", ...named, field, reason, triedRevision: mappingRevision };
}

function statusSpaceOf(
  { numberSpace, locationId }: OrderSnapshot,
  isOnlyLocation: boolean,
): string | null {
  return isOnlyLocation && numberSpace === locationSpaceOf(locationId) ? null : numberSpace;
}

/** The parts of an order that say where it was sold. */
export function placeOf(order: OrderPush) {
  const { source, accountId, locationId, storeId } = order;
  return { source, accountId, locationId, storeId };
}

/**
 * Finds the duplicates among accepted orders, against what is known and against earlier orders of the
 * same request. Equal versions with other content stay accepted; the ledger counts them as conflicts. So do
 * pictures of another bill than the one known under their number, whatever their version: the ledger parks
 * them, with both pictures.
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
    const fit = before === undefined || standing === "same" ? same : fitOf(snapshot, before);
    if (fit.misfit !== undefined) return { ...decision, misfit: fit.misfit };
    if (standing === "same" || (standing === "older" && fit.isSame)) {
      const { space } = decision;
      return { result: "duplicate", snapshot, reason: duplicateReasons[standing], space };
    }
    if (standing !== "older") {
      newest.set(key, { ...snapshot.version, life: () => lifeOf(snapshot) });
    }
    return decision;
  });
}

/** Whether a picture is of the bill that is known: surely, surely not, or not to be told here. */
interface Fit {
  readonly isSame: boolean;
  readonly misfit?: string;
}

const same: Fit = { isSame: true };

function fitOf(snapshot: OrderSnapshot, { life }: KnownVersion): Fit {
  const { numbering } = snapshot;
  if (numbering === null || numbering === "unique") return same;
  if (life === undefined) return { isSame: false };
  const known = life();
  if (isSurelySameLife(known, lifeMarksOf(snapshot))) return same;
  if (known.content === null) return { isSame: false };
  const misfit = lifeDifference(known, lifeOf(snapshot));
  return misfit === undefined ? same : { isSame: false, misfit };
}

const duplicateReasons = {
  same: "this version of the order was accepted before",
  older: "a newer version of the order was accepted before",
} as const;
