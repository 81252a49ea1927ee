import type { LiveFeed } from "../live/live-messages.ts";

/** How fresh a store's data is, over all its feeds. */
export interface Freshness {
  readonly state: LiveFeed["state"];
  /** Instant up to which the data is believed complete; null where nobody knows. */
  readonly dataUntil: number | null;
  /** Since when the state holds. */
  readonly since: number | null;
}

/**
 * The first of these that a feed is in speaks for the store, the worst first. `unknown` comes last: a feed
 * that owes no sign of life, such as a hand-sent order's, says nothing by its silence while another lives.
 */
const spokenFor: readonly LiveFeed["state"][] = [
  "unreachable",
  "late",
  "live",
  "closed",
  "unknown",
];

/** How fresh a store is, by all its feeds; unknown without any. */
export function storeFreshness(feeds: readonly LiveFeed[]): Freshness {
  const state = spokenFor.find((one) => feeds.some((feed) => feed.state === one));
  if (state === undefined) return { state: "unknown", dataUntil: null, since: null };
  const those = feeds.filter((feed) => feed.state === state);
  return { state, dataUntil: until(those), since: sinceOf(those) };
}

/**
 * How fresh a day of the past is: closed, unless a till that still owes data has not reached its end. What
 * a till does now says nothing else of it.
 */
export function pastFreshness(feeds: readonly LiveFeed[], dayEnd: number): Freshness {
  const present = storeFreshness(feeds);
  const isOwed = present.state === "late" || present.state === "unreachable";
  if (isOwed && present.dataUntil !== null && present.dataUntil < dayEnd) return present;
  return { state: "closed", dataUntil: dayEnd, since: null };
}

/** Whether sums can be held against the clock; otherwise only against the moment the data reaches. */
export function isUpToNow({ state }: Freshness): boolean {
  return state === "live" || state === "closed";
}

/** Whether it is known until when the data reaches at all. */
export function isReachKnown(freshness: Freshness): boolean {
  return isUpToNow(freshness) || freshness.dataUntil !== null;
}

/** Until when a store's sales are known; undefined where none of its tills says so. */
export function dataReach(feeds: readonly LiveFeed[], now: number): number | undefined {
  const freshness = storeFreshness(feeds);
  return isUpToNow(freshness) ? now : (freshness.dataUntil ?? undefined);
}

function until(feeds: readonly LiveFeed[]): number | null {
  const known = feeds.flatMap(({ watermark, lastProofAt }) => watermark ?? lastProofAt ?? []);
  return known.length === 0 ? null : Math.min(...known);
}

function sinceOf(feeds: readonly LiveFeed[]): number {
  return Math.min(...feeds.map((feed) => feed.since));
}
