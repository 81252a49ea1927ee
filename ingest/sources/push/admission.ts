import { appError } from "@tillcast/core";
import { PUSH_MAX_COUNT } from "@tillcast/schemas";
import { LRUCache } from "lru-cache";

/** How much is let in at the same time, and from one key. */
export interface AdmissionLimits {
  /** Most orders between arrival and answer; beyond it the answer is 503. */
  readonly inFlightOrdersMax: number;
  /** Orders a second that one key may send on average; beyond it the answer is 429. */
  readonly keyOrdersPerSecond: number;
}

/** Keys whose use is remembered; an idle key forgotten starts with a full allowance. */
export const KEYS_MAX_COUNT = 10_000;
/**
 * A key may use two seconds' allowance at once, so that a till that was offline catches up, and the largest
 * push in any case: a low limit makes it wait and never refuses it for ever.
 */
export const BURST_SECONDS = 2;
/** What a caller is told to wait when the process is full; batches are settled within a second. */
export const OVERLOAD_RETRY_SECONDS = 1;

/** Keeps the work in hand bounded. */
export interface Admission {
  /** Lets `count` orders of a key in, or throws 429 or 503. Call what it returns when they are answered. */
  enter(keyId: string, count: number): () => void;
  /** Orders that are inside now. */
  inFlight(): number;
}

interface Allowance {
  readonly tokens: number;
  readonly at: number;
}

/** Milliseconds of a clock that only goes forward. */
export type MonotonicMs = () => number;

/** Makes the gate of one process. A wall clock that is set back would take allowances away. */
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
      // An empty process takes any one request, so that a low limit never locks it.
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
