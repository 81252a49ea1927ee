import { appError } from "../errors.ts";
import { type MonotonicMs, makeTokenBuckets } from "./token-buckets.ts";

/**
 * What bounds a route: `requests` by credential, `orders` by the intake's count of orders, `sign-in` by
 * attempts of an address and an account, `page` for files without a database, `probe` for balancers.
 */
export type LimitName = "requests" | "orders" | "sign-in" | "page" | "probe";

/** Lets one request in, or throws 429 or 503; what it answers is called when the request is over. */
export type RouteLimit = (credential: string | undefined) => (() => void) | undefined;

/** What one key or session may ask of one process. */
export interface CallerLimits {
  readonly requestsPerSecond: number;
  readonly requestsAtOnce: number;
}

/** Usual limits; the installation's settings say others. */
export const defaultCallerLimits: CallerLimits = { requestsPerSecond: 50, requestsAtOnce: 64 };

/** A page's first requests come together, and somebody who looks around opens several in some seconds. */
const burstSeconds = 10;
/**
 * Requests without a credential of one process at the same time. Each costs a file or a few bytes; this many
 * are far beyond what a page asks for, and hold some 10 MB.
 */
const publicAtOnceMax = 500;
/** Sign-ins hash a password each, which takes 20 MB and a tenth of a second. */
const signInsAtOnceMax = 50;
/**
 * Pushes of one key at the same time, each with a body in memory. Their orders are counted by the intake,
 * which bounds them by number.
 */
const pushesAtOnceMax = 64;
const retryAfterSeconds = 1;

/** Makes the limits of one process, one for each name. */
export function makeRouteLimits(
  limits: CallerLimits,
  nowMs?: MonotonicMs,
): Readonly<Record<LimitName, RouteLimit>> {
  const perSecond = limits.requestsPerSecond;
  const buckets = makeTokenBuckets({ perSecond, burst: perSecond * burstSeconds }, nowMs);
  const requests = limitOfCredential(limits.requestsAtOnce);
  return {
    requests(credential) {
      const seconds = credential === undefined ? 0 : buckets.take(credential);
      if (seconds > 0) {
        throw appError("tooManyRequests", {
          limit: `${perSecond} requests a second for one key or session`,
          retryAfterSeconds: seconds,
        });
      }
      return requests(credential);
    },
    orders: limitOfCredential(pushesAtOnceMax),
    "sign-in": limitOfProcess(signInsAtOnceMax),
    page: limitOfProcess(publicAtOnceMax),
    probe: limitOfProcess(publicAtOnceMax),
  };
}

function limitOfCredential(max: number): RouteLimit {
  const enter = makeCounter(max);
  return (credential = "") => {
    const leave = enter(credential);
    if (leave !== undefined) return leave;
    const limit = `${max} requests at the same time for one key or session`;
    throw appError("tooManyRequests", { limit, retryAfterSeconds });
  };
}

function limitOfProcess(max: number): RouteLimit {
  const enter = makeCounter(max);
  return () => {
    const leave = enter("");
    if (leave !== undefined) return leave;
    throw appError("overloaded", { what: "This part of the server", retryAfterSeconds });
  };
}

/** Counts what is inside by key; lets nobody in where a key has as many as it may. */
function makeCounter(max: number): (key: string) => (() => void) | undefined {
  const inside = new Map<string, number>();
  return (key) => {
    const before = inside.get(key) ?? 0;
    if (before >= max) return undefined;
    inside.set(key, before + 1);
    let isInside = true;
    return () => {
      if (!isInside) return;
      isInside = false;
      const now = (inside.get(key) ?? 1) - 1;
      if (now === 0) inside.delete(key);
      else inside.set(key, now);
    };
  };
}
