import { createHash } from "node:crypto";
import { appError } from "@tillcast/core";
import { type MonotonicMs, makeTokenBuckets } from "@tillcast/core/http";
import { LRUCache } from "lru-cache";
import { type Authenticate, shownCredential } from "./authenticate.ts";

/** Credentials that were good lately; each costs about 100 bytes. */
const goodMaxCount = 10_000;

/**
 * Bounds how often one address may show a key or a session that is nobody's: each costs a look at the
 * database, and 2,000 a second of them fill a pool. Beyond the limit, unknown ones are refused unseen; one
 * that was good lately is still looked up, so that a bad neighbour behind the same address locks nobody out.
 * Counts are of one process, because what is bounded is this process's pool: a secret of 256 bits cannot be
 * guessed, however many processes are asked.
 */
export function limitFailedCredentials(
  authenticate: Authenticate,
  perMinute: number,
  nowMs?: MonotonicMs,
): Authenticate {
  const failures = makeTokenBuckets({ perSecond: perMinute / 60, burst: perMinute }, nowMs);
  const good = new LRUCache<string, true>({ max: goodMaxCount });
  return async (request) => {
    const shown = shownCredential(request.headers);
    // Without an address nothing is counted: a socket that is checked again has passed once.
    if (shown === undefined || request.ip === undefined) return authenticate(request);
    const digest = createHash("sha256").update(shown.text).digest("base64url");
    const seconds = good.has(digest) ? 0 : failures.wait(request.ip);
    if (seconds > 0) {
      throw appError("tooManyRequests", {
        limit: `${perMinute} unknown keys or sessions a minute from one address`,
        retryAfterSeconds: seconds,
      });
    }
    const principal = await authenticate(request);
    if (principal === undefined) {
      good.delete(digest);
      failures.take(request.ip);
      return undefined;
    }
    good.set(digest, true);
    return principal;
  };
}
