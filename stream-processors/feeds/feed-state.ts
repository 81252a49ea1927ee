import type { FeedState } from "@tillcast/schemas";

/** What is known of a feed; instants in UTC milliseconds. */
export interface FeedFacts {
  /** Last successful poll, heartbeat or delivery. */
  readonly lastProofAt: number | null;
  /** True once it has sent a heartbeat: from then on silence means something. */
  readonly expectsHeartbeat: boolean;
  /** Event time until which it says that everything was sent. */
  readonly watermark: number | null;
  /** Null where the store's opening hours are not known. */
  readonly isOpen: boolean | null;
}

/**
 * A feed's state from proof of life, never from gaps between orders: a till that answers and sells nothing
 * is live. One that owes a heartbeat and gives none is unreachable; of one that owes none nothing can be
 * told. A till that lives and holds its data back is late.
 */
export function feedStateOf(facts: FeedFacts, nowMs: number, silentAfterMs: number): FeedState {
  const { lastProofAt, watermark } = facts;
  const isAlive = lastProofAt !== null && nowMs - lastProofAt <= silentAfterMs;
  if (!isAlive) {
    if (facts.isOpen === false) return "closed";
    return lastProofAt !== null && facts.expectsHeartbeat ? "unreachable" : "unknown";
  }
  if (watermark !== null && nowMs - watermark > silentAfterMs && facts.expectsHeartbeat)
    return "late";
  return facts.isOpen === false ? "closed" : "live";
}
