import { appError } from "@tillcast/core";

/** What names a feed within its tenant. */
export interface VendorFeedName {
  readonly source: string;
  readonly accountId: string;
  readonly locationId: string;
}

/** A feed's name as people write it: `source/account/location`. */
export function feedNameText({ source, accountId, locationId }: VendorFeedName): string {
  return `${source}/${accountId}/${locationId}`;
}

/** Reads `source/account/location`; only the location may hold further slashes. */
export function parseFeedName(text: string): VendorFeedName {
  const [, source, accountId, locationId] = /^([^/]+)\/([^/]+)\/(.+)$/s.exec(text) ?? [];
  if (source === undefined || accountId === undefined || locationId === undefined) {
    throw appError("validationFailed", {
      field: "feed",
      reason: "must be source/account/location, such as push/default/main",
    });
  }
  return { source, accountId, locationId };
}
