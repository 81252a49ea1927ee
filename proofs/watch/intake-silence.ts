import type { FeedFacts } from "@tillcast/stream-processors";

/** Whether any feed sends anything. */
export interface IntakeSilence {
  /** The number of feeds that should send something now. */
  readonly expected: number;
  /** The last proof of life of any of them, UTC milliseconds; null if there is none. */
  readonly lastSignAt: number | null;
  /** True if none of them has sent anything within the limit. */
  readonly isSilent: boolean;
}

/**
 * Checks whether all expected feeds are silent: none has sent an order or a heartbeat, or was polled
 * successfully. A feed is expected if its store is open; if the store's hours are unknown, if it sends heartbeats.
 * A till that answers and sells nothing is not silent.
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

/** The reason for the alarm, as a sentence. */
export function describeSilence({ expected, lastSignAt }: IntakeSilence): string {
  const since = lastSignAt === null ? "yet" : `since ${new Date(lastSignAt).toISOString()}`;
  return `no till has sent anything ${since} (feeds expected open: ${expected}); whether they sell is unknown`;
}
