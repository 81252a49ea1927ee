import type { CloseoutHistory, CountedWhen, Numbering, ZoneHistory } from "@tillcast/schemas";

/** What ingest knows of a store and stamps its orders with. */
export interface StoreStamp {
  readonly storeId: string;
  /** The zone that was set last; `zones` says which one held when. */
  readonly timeZone: string;
  /** Empty where the zone never changed. */
  readonly zones: ZoneHistory;
  readonly currency: string;
  readonly closeouts: CloseoutHistory;
  readonly countedWhen: CountedWhen;
  /** Rises with every change of the tenant's or the store's settings. */
  readonly settingsRevision: number;
}

/** What ingest knows of a feed and stamps its orders with. */
export interface FeedStamp {
  readonly locationId: string;
  readonly mappingRevision: number;
  /** First and last business date that this feed is the authority for; null is unbounded. */
  readonly authorityFrom: string | null;
  readonly authorityTo: string | null;
  /** How the feed's numbers repeat. */
  readonly numbering: Numbering;
  /** Whether the account has no other location, so that its numbers are one location's. */
  readonly isOnlyLocation: boolean;
  /** Whether the sender rounds each line or once for the order. */
  readonly roundingBy: "line" | "order";
  /** Minor units by which the sender's totals may differ from the sum of an order's parts. */
  readonly toleranceMinor: bigint;
  /** Orders in another currency are parked; null takes every currency. */
  readonly feedCurrency: string | null;
}

/** Everything that an order's snapshot takes from outside the order. */
export interface StampContext extends StoreStamp, FeedStamp {
  readonly tenantId: string;
  /** When ingest got the order, UTC milliseconds. */
  readonly receivedAt: number;
  /** Whether the log takes all that a snapshot can say; true when absent. */
  readonly writesPresent?: boolean;
}

/** Stands in for a store that is not known yet, so that a parked order's own faults are found at once. */
export function unknownStore(
  tenantId: string,
  locationId: string,
  receivedAt: number,
): StampContext {
  return {
    tenantId,
    storeId: "",
    locationId,
    timeZone: "UTC",
    zones: [],
    currency: "",
    closeouts: [{ effectiveFrom: "2000-01-01", closeoutMinute: 0 }],
    countedWhen: "paid",
    settingsRevision: 0,
    mappingRevision: 0,
    authorityFrom: null,
    authorityTo: null,
    numbering: "unknown",
    isOnlyLocation: true,
    roundingBy: "line",
    toleranceMinor: 0n,
    feedCurrency: null,
    receivedAt,
  };
}
