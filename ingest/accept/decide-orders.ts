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
import { unknownStore } from "../orders/order-context.ts";
import type { ParsedOrder } from "../orders/parse-order.ts";
import { unwritableFaults } from "../orders/unwritable-faults.ts";
import type { ResolvedOrigin } from "../places/resolve-store.ts";
import { type KnownVersion, standingOf } from "./known-versions.ts";

/** The decision about one pushed order. */
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
      /** The field that does not fit. */
      readonly field: "storeId" | "currency";
      readonly reason: string;
      readonly space: string | null;
      /** The feed's mapping revision at which the order did not fit; null while it has no store. */
      readonly triedRevision: number | null;
    }
  | AcceptedOrder
  | {
      readonly result: "duplicate";
      readonly snapshot: OrderSnapshot;
      readonly reason: string;
      readonly space: string | null;
    };

/** An order that is appended to the log. */
export interface AcceptedOrder {
  readonly result: "accepted";
  readonly orderKey: Buffer;
  readonly snapshot: OrderSnapshot;
  /** The number space for status queries, if the number alone does not identify the order. */
  readonly space: string | null;
  /** Why it is not a picture of the order known under its number. The ledger then parks it. */
  readonly misfit?: string;
}

/** What a request tells besides its orders. */
export interface RequestContext {
  readonly tenantId: string;
  readonly receivedAt: number;
  /** Whether the log stores every field of a snapshot (`hasTurned`). Default true. */
  readonly writesPresent?: boolean;
}

/** Decides one order alone: rejected, parked or accepted. `markDuplicates` then finds known ones. */
export function decideOrder(
  parsed: ParsedOrder,
  origin: ResolvedOrigin | undefined,
  request: RequestContext,
): Decision {
  if ("faults" in parsed) return { result: "rejected", ...parsed };
  const { order } = parsed;
  if (origin === undefined || origin.kind === "refused") {
    const faults = origin === undefined ? [] : [origin.fault];
    return { result: "rejected", orderId: order.orderId, faults };
  }
  const { tenantId, receivedAt, writesPresent = true } = request;
  const of = { tenantId, receivedAt, writesPresent };
  const context =
    origin.kind === "known"
      ? { ...origin.store, ...origin.feed, storeId: origin.store.storeId, ...of }
      : { ...unknownStore(tenantId, origin.locationId, receivedAt), ...of };
  const normalised = normaliseOrder(order, context);
  if ("faults" in normalised) {
    return { result: "rejected", orderId: order.orderId, faults: normalised.faults };
  }
  const { snapshot } = normalised;
  const unwritable = origin.kind === "known" ? unwritableFaults(snapshot, request) : [];
  if (unwritable.length > 0) {
    return { result: "rejected", orderId: order.orderId, faults: unwritable };
  }
  const named = {
    orderKey: orderKeyOf(snapshot),
    snapshot,
    space: statusSpaceOf(snapshot, context.isOnlyLocation),
  };
  if (origin.kind === "unknown") {
    const { reason } = origin;
    return { result: "parked", ...named, field: "storeId", reason, triedRevision: null };
  }
  const { feedCurrency, mappingRevision } = origin.feed;
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

/** The fields of an order that tell where it was sold. */
export function originOf(order: OrderPush) {
  const { source, accountId, locationId, storeId } = order;
  return { source, accountId, locationId, storeId };
}

/**
 * Marks duplicates among accepted orders, compared with known orders and with earlier orders of the same
 * request. An equal version with other content stays accepted, and the ledger counts it as a conflict. A
 * picture of another bill under the same number also stays accepted, and the ledger parks it.
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

/** Whether a picture shows the known bill. `isSame` false without a misfit means that it is unknown. */
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
