import type { CloseoutHistory, CountedWhen, Numbering, ZoneHistory } from "@tillcast/schemas";

/** What ingest knows of a store and writes into its orders. */
export interface StoreContext {
  readonly storeId: string;
  /** The current zone. `zones` tells which zone applied when. */
  readonly timeZone: string;
  /** Empty if the zone never changed. */
  readonly zones: ZoneHistory;
  readonly currency: string;
  readonly closeouts: CloseoutHistory;
  readonly countedWhen: CountedWhen;
  /** Rises with every change of the tenant's or the store's settings. */
  readonly settingsRevision: number;
}

/** What ingest knows of a feed and writes into its orders. */
export interface FeedContext {
  readonly locationId: string;
  readonly mappingRevision: number;
  /** First and last business date for which this feed is the authority; null is unbounded. */
  readonly authorityFrom: string | null;
  readonly authorityTo: string | null;
  /** How the feed's order numbers repeat. */
  readonly numbering: Numbering;
  /** Whether the account has only this location, so that its numbers belong to one location. */
  readonly isOnlyLocation: boolean;
  /** Whether the sender rounds each line, or once per order. */
  readonly roundingBy: "line" | "order";
  /** Minor units by which the sender's totals may differ from the sum of an order's parts. */
  readonly toleranceMinor: bigint;
  /** Orders in another currency are parked; null accepts every currency. */
  readonly feedCurrency: string | null;
}

/** Everything in an order's snapshot that does not come from the order. */
export interface OrderContext extends StoreContext, FeedContext {
  readonly tenantId: string;
  /** When ingest received the order, UTC milliseconds. */
  readonly receivedAt: number;
  /** Whether the log stores every field of a snapshot. Default true. */
  readonly writesPresent?: boolean;
}

/** A placeholder for an unknown store, so that a parked order's own faults are found at once. */
export function unknownStore(
  tenantId: string,
  locationId: string,
  receivedAt: number,
): OrderContext {
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
