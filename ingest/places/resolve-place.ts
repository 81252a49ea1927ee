import { cutText } from "@tillcast/schemas";
import type { Fault } from "../orders/faults.ts";
import type { FeedStamp, StoreStamp } from "../orders/stamp-context.ts";
import type { Feed, FeedName } from "./feed-rows.ts";

/** Where an order says that it was sold. */
export interface Place {
  readonly source: string;
  readonly accountId: string;
  readonly locationId?: string | undefined;
  readonly storeId?: string | undefined;
}

/** What a place turned out to be. */
export type ResolvedPlace =
  | { readonly kind: "known"; readonly store: StoreStamp; readonly feed: FeedStamp }
  | { readonly kind: "unknown"; readonly locationId: string; readonly reason: string }
  | { readonly kind: "refused"; readonly fault: Fault };

/** The feed that a place belongs to; a store named without a location is a location of its own. */
export function feedNameOf(place: Place): FeedName | undefined {
  const locationId = place.locationId ?? place.storeId?.toLowerCase();
  if (locationId === undefined) return undefined;
  return { source: place.source, accountId: place.accountId, locationId };
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** Ids that a place may mean a store by: the one it names, the feed's, the location itself. */
export function storeIdsOf(place: Place, feed: Feed | undefined): string[] {
  const named = [place.storeId, feed?.storeId, place.locationId];
  return named.flatMap((id) => (id && uuid.test(id.toLowerCase()) ? [id.toLowerCase()] : []));
}

/**
 * Which store a place means: the store it names, else the one its feed is mapped to, else its location. Ids of
 * stores are ours, so that one that nobody gave is a mistake; names of locations are the sender's.
 */
export function resolvePlace(
  place: Place,
  feed: Feed | undefined,
  stores: ReadonlyMap<string, StoreStamp>,
): { readonly store: StoreStamp } | { readonly reason: string } | { readonly fault: Fault } {
  const mappedTo = feed?.storeId ?? undefined;
  if (place.storeId !== undefined) {
    const store = stores.get(place.storeId.toLowerCase());
    if (store === undefined) return { fault: unknownStoreFault };
    if (mappedTo === undefined || mappedTo === store.storeId) return { store };
    const field = place.locationId === undefined ? "storeId" : "locationId";
    return { fault: { field, reason: `belongs to another store, ${mappedTo}` } };
  }
  const store = stores.get(mappedTo ?? place.locationId?.toLowerCase() ?? "");
  if (store !== undefined) return { store };
  return { reason: `the location ${cutText(place.locationId ?? "")} is not mapped to a store` };
}

const unknownStoreFault: Fault = { field: "storeId", reason: "is not a store of this tenant" };

/** Refuses a place whose store the sender may not write to; null allows all of the tenant's. */
export function permitted(place: ResolvedPlace, storeIds: readonly string[] | null): ResolvedPlace {
  if (storeIds === null || place.kind !== "known") return place;
  if (storeIds.includes(place.store.storeId)) return place;
  return {
    kind: "refused",
    fault: { field: "storeId", reason: "is a store that these credentials may not write to" },
  };
}
