import type { LiveFeed } from "@tillcast/schemas/browser";

/** How fresh a store's data is, over all its feeds. */
export interface Freshness {
  readonly state: LiveFeed["state"];
  /** Instant up to which the data is believed complete; null where nobody knows. */
  readonly dataUntil: number | null;
  /** Since when the state holds. */
  readonly since: number | null;
}

/** From the worst to the best; a store is as fresh as its worst feed that is not closed. */
const worstFirst: readonly LiveFeed["state"][] = ["unreachable", "unknown", "late", "live"];

/** The worst open feed speaks for the store; it is closed when all are, and unknown without any. */
export function storeFreshness(feeds: readonly LiveFeed[]): Freshness {
  if (feeds.length === 0) return { state: "unknown", dataUntil: null, since: null };
  for (const state of worstFirst) {
    const those = feeds.filter((feed) => feed.state === state);
    if (those.length > 0) return { state, dataUntil: until(those), since: sinceOf(those) };
  }
  return { state: "closed", dataUntil: until(feeds), since: sinceOf(feeds) };
}

/** Whether sums can be held against the clock; otherwise only against the moment the data reaches. */
export function isUpToNow({ state }: Freshness): boolean {
  return state === "live" || state === "closed";
}

function until(feeds: readonly LiveFeed[]): number | null {
  const known = feeds.flatMap(({ watermark, lastProofAt }) => watermark ?? lastProofAt ?? []);
  return known.length === 0 ? null : Math.min(...known);
}

function sinceOf(feeds: readonly LiveFeed[]): number {
  return Math.min(...feeds.map((feed) => feed.since));
}
