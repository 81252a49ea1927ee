import { appError } from "@tillcast/core";
import { PUSH_MAX_COUNT } from "@tillcast/schemas";
import { LRUCache } from "lru-cache";

/** Limits of a process and of one API key. */
export interface AdmissionLimits {
  /** Most orders handled at the same time. Above it, requests get 503. */
  readonly inFlightOrdersMax: number;
  /** Orders per second that one key may send on average. Above it, requests get 429. */
  readonly keyOrdersPerSecond: number;
}

/** Most keys in memory. A key that was removed starts with a full allowance. */
export const KEYS_MAX_COUNT = 10_000;
/**
 * A key may use the allowance of two seconds at once, so that a till that was offline catches up. It may always
 * use as much as the largest push: a low limit makes such a push wait, but never refuses it for ever.
 */
export const BURST_SECONDS = 2;
/** Retry-After when the process is full. Batches are settled within a second. */
export const OVERLOAD_RETRY_SECONDS = 1;

/** Limits the work of one process. */
export interface Admission {
  /** Admits `count` orders of a key, or throws 429 or 503. Call the returned function when they are answered. */
  enter(keyId: string, count: number): () => void;
  /** The number of admitted orders that are not answered yet. */
  inFlight(): number;
}

interface Allowance {
  readonly tokens: number;
  readonly at: number;
}

/** Milliseconds of a monotonic clock. */
export type MonotonicMs = () => number;

/** Makes the admission of one process. It uses a monotonic clock, because a wall clock may be set back. */
export function makeAdmission(
  limits: AdmissionLimits,
  nowMs: MonotonicMs = () => performance.now(),
): Admission {
  const allowances = new LRUCache<string, Allowance>({ max: KEYS_MAX_COUNT });
  let inFlight = 0;
  return {
    enter(keyId, count) {
      const tokens = tokensOf(allowances.get(keyId), limits, nowMs());
      if (tokens < count) {
        throw appError("tooManyRequests", {
          limit: `${limits.keyOrdersPerSecond} orders a second for one key`,
          retryAfterSeconds: Math.ceil((count - tokens) / limits.keyOrdersPerSecond),
        });
      }
      // An idle process admits any single request, so that a low limit never blocks it for ever.
      if (inFlight > 0 && inFlight + count > limits.inFlightOrdersMax) {
        throw appError("overloaded", {
          what: "The intake of orders",
          retryAfterSeconds: OVERLOAD_RETRY_SECONDS,
        });
      }
      allowances.set(keyId, { tokens: tokens - count, at: nowMs() });
      inFlight += count;
      let isInside = true;
      return () => {
        if (isInside) inFlight -= count;
        isInside = false;
      };
    },
    inFlight: () => inFlight,
  };
}

function tokensOf(before: Allowance | undefined, limits: AdmissionLimits, now: number): number {
  const full = Math.max(limits.keyOrdersPerSecond * BURST_SECONDS, PUSH_MAX_COUNT);
  if (before === undefined) return full;
  const earned = (Math.max(0, now - before.at) / 1000) * limits.keyOrdersPerSecond;
  return Math.min(full, before.tokens + earned);
}
