import { appError } from "@tillcast/core";
import { type MonotonicMs, makeTokenBuckets } from "@tillcast/core/http";
import { PUSH_MAX_COUNT } from "@tillcast/schemas";

/** How much is let in at the same time, and from one key. */
export interface AdmissionLimits {
  /** Most orders between arrival and answer; beyond it the answer is 503. */
  readonly inFlightOrdersMax: number;
  /** Orders a second that one key may send on average; beyond it the answer is 429. */
  readonly keyOrdersPerSecond: number;
}

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

/** Makes the gate of one process. */
export function makeAdmission(limits: AdmissionLimits, nowMs?: MonotonicMs): Admission {
  const perSecond = limits.keyOrdersPerSecond;
  const burst = Math.max(perSecond * BURST_SECONDS, PUSH_MAX_COUNT);
  const allowances = makeTokenBuckets({ perSecond, burst }, nowMs);
  let inFlight = 0;
  return {
    enter(keyId, count) {
      const seconds = allowances.wait(keyId, count);
      if (seconds > 0) {
        throw appError("tooManyRequests", {
          limit: `${perSecond} orders a second for one key`,
          retryAfterSeconds: seconds,
        });
      }
      // An empty process takes any one request, so that a low limit never locks it.
      if (inFlight > 0 && inFlight + count > limits.inFlightOrdersMax) {
        throw appError("overloaded", {
          what: "The intake of orders",
          retryAfterSeconds: OVERLOAD_RETRY_SECONDS,
        });
      }
      allowances.take(keyId, count);
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
