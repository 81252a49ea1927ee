import { LRUCache } from "lru-cache";

/** Milliseconds of a clock that only goes forward: a wall clock that is set back would take allowances away. */
export type MonotonicMs = () => number;

export interface TokenBucketLimits {
  /** Tokens that come back each second. */
  readonly perSecond: number;
  /** Tokens of a full bucket: the most that is taken at once. */
  readonly burst: number;
}

/** One bucket of tokens for each key. */
export interface TokenBuckets {
  /** Takes tokens and answers 0, or takes none and answers the seconds until they are there. */
  take(key: string, count?: number): number;
  /** The seconds until as many tokens are there; takes none. */
  wait(key: string, count?: number): number;
}

interface Bucket {
  readonly tokens: number;
  readonly at: number;
}

/** Keys whose use is remembered, about 100 bytes each; one forgotten starts with a full bucket. */
const keysMaxCount = 10_000;

/** Makes buckets that are full at first. What is asked at once may not be more than a full bucket holds. */
export function makeTokenBuckets(
  limits: TokenBucketLimits,
  nowMs: MonotonicMs = () => performance.now(),
): TokenBuckets {
  const buckets = new LRUCache<string, Bucket>({ max: keysMaxCount });

  function tokensOf(key: string, now: number): number {
    const before = buckets.get(key);
    if (before === undefined) return limits.burst;
    const earned = (Math.max(0, now - before.at) / 1_000) * limits.perSecond;
    return Math.min(limits.burst, before.tokens + earned);
  }

  const secondsUntil = (tokens: number, count: number): number =>
    tokens >= count ? 0 : Math.max(1, Math.ceil((count - tokens) / limits.perSecond));

  return {
    take(key, count = 1) {
      const now = nowMs();
      const tokens = tokensOf(key, now);
      const seconds = secondsUntil(tokens, count);
      if (seconds > 0) return seconds;
      buckets.set(key, { tokens: tokens - count, at: now });
      return 0;
    },
    wait: (key, count = 1) => secondsUntil(tokensOf(key, nowMs()), count),
  };
}
