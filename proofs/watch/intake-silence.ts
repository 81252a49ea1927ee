import type { FeedFacts } from "@tillcast/stream-processors";

/** What the feeds together tell of the way in. */
export interface IntakeSilence {
  /** Feeds that should be heard of now. */
  readonly expected: number;
  /** When any of them was last heard of, UTC milliseconds; null where none ever was. */
  readonly lastSignAt: number | null;
  /** True when none of them was heard of within the limit. */
  readonly isSilent: boolean;
}

/**
 * Whether the way in is cut: not one feed that should be heard of has given any sign of life, be it an order,
 * a heartbeat or a successful poll. Expected are feeds whose store is open, and where its hours are not known,
 * those that send heartbeats. It says nothing about sales: a till that answers and sells nothing is heard of.
 */
export function intakeSilence(
  feeds: readonly FeedFacts[],
  nowMs: number,
  silentAfterMs: number,
): IntakeSilence {
  const expected = feeds.filter(
    ({ isOpen, expectsHeartbeat }) => isOpen === true || (isOpen === null && expectsHeartbeat),
  );
  const signs = expected.flatMap(({ lastProofAt }) => (lastProofAt === null ? [] : [lastProofAt]));
  const lastSignAt = signs.length === 0 ? null : Math.max(...signs);
  const isQuiet = lastSignAt === null || nowMs - lastSignAt > silentAfterMs;
  return { expected: expected.length, lastSignAt, isSilent: expected.length > 0 && isQuiet };
}

/** Says it for a person. */
export function describeSilence({ expected, lastSignAt }: IntakeSilence): string {
  const since = lastSignAt === null ? "ever" : `since ${new Date(lastSignAt).toISOString()}`;
  return `no sign of life from any of ${expected} feeds expected to be open ${since}; whether they sell cannot be told`;
}
