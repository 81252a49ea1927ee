import { cutText } from "@tillcast/schemas";
import type { Fault } from "../orders/faults.ts";
import type { FeedContext, StoreContext } from "../orders/order-context.ts";
import type { Feed, FeedName } from "./feed-rows.ts";

/** Where an order was sold, as the order tells it. */
export interface OrderOrigin {
  readonly source: string;
  readonly accountId: string;
  readonly locationId?: string | undefined;
  readonly storeId?: string | undefined;
}

/** The store and feed of an origin, or why there is none. */
export type ResolvedOrigin =
  | { readonly kind: "known"; readonly store: StoreContext; readonly feed: FeedContext }
  | { readonly kind: "unknown"; readonly locationId: string; readonly reason: string }
  | { readonly kind: "refused"; readonly fault: Fault };

/** The feed of an origin. A store that is named without a location is a location of its own. */
export function feedNameOf(origin: OrderOrigin): FeedName | undefined {
  const locationId = origin.locationId ?? origin.storeId?.toLowerCase();
  if (locationId === undefined) return undefined;
  return { source: origin.source, accountId: origin.accountId, locationId };
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** The store ids to look up for an origin: the named one, the feed's, and the location itself. */
export function storeIdsOf(origin: OrderOrigin, feed: Feed | undefined): string[] {
  const named = [origin.storeId, feed?.storeId, origin.locationId];
  return named.flatMap((id) => (id && uuid.test(id.toLowerCase()) ? [id.toLowerCase()] : []));
}

/**
 * Finds the store of an origin: the store that it names, else the one that its feed is mapped to, else its
 * location. Store ids are ours, so an unknown one is a fault. Names of locations are the sender's.
 */
export function resolveStore(
  origin: OrderOrigin,
  feed: Feed | undefined,
  stores: ReadonlyMap<string, StoreContext>,
): { readonly store: StoreContext } | { readonly reason: string } | { readonly fault: Fault } {
  const mappedTo = feed?.storeId ?? undefined;
  if (origin.storeId !== undefined) {
    const store = stores.get(origin.storeId.toLowerCase());
    if (store === undefined) return { fault: unknownStoreFault };
    if (mappedTo === undefined || mappedTo === store.storeId) return { store };
    const field = origin.locationId === undefined ? "storeId" : "locationId";
    return { fault: { field, reason: `belongs to another store, ${mappedTo}` } };
  }
  const store = stores.get(mappedTo ?? origin.locationId?.toLowerCase() ?? "");
  if (store !== undefined) return { store };
  return { reason: `the location ${cutText(origin.locationId ?? "")} is not mapped to a store` };
}

const unknownStoreFault: Fault = { field: "storeId", reason: "is not a store of this tenant" };

/** Refuses an origin if the sender may not write to its store; null allows all stores of the tenant. */
export function permitted(
  origin: ResolvedOrigin,
  storeIds: readonly string[] | null,
): ResolvedOrigin {
  if (storeIds === null || origin.kind !== "known") return origin;
  if (storeIds.includes(origin.store.storeId)) return origin;
  return {
    kind: "refused",
    fault: { field: "storeId", reason: "is a store that these credentials may not write to" },
  };
}
