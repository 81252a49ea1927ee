import { appError } from "@tillcast/core";
import { type MonotonicMs, makeTokenBuckets } from "@tillcast/core/http";
import { PUSH_MAX_COUNT } from "@tillcast/schemas";

/** Limits of a process and of one API key. */
export interface AdmissionLimits {
  /** Most orders handled at the same time. Above it, requests get 503. */
  readonly inFlightOrdersMax: number;
  /** Orders per second that one key may send on average. Above it, requests get 429. */
  readonly keyOrdersPerSecond: number;
}

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

/** Makes the admission of one process. Its clock is monotonic, because a wall clock may be set back. */
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
      // An idle process admits any single request, so that a low limit never blocks it for ever.
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
