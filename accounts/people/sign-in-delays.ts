/**
 * Growing delays in place of a lock: each failure beyond the free ones doubles the wait. What is counted is an
 * email from one network, a network, and an email from everywhere. The last may wait 30 s at most, so that nobody
 * can keep a person out of their account; and a browser that has signed in before waits for its own failures
 * alone.
 */
import { createHash } from "node:crypto";
import { isIPv6 } from "node:net";
import { appError } from "@tillcast/core";
import {
  inTransaction,
  runStatement,
  type Statement,
  type Transaction,
} from "@tillcast/core/database";
import type { Pool } from "pg";

/** One thing that is counted, and how its delay grows. */
interface Counted {
  readonly key: Buffer;
  /** Failures that cost nothing: people mistype. */
  readonly free: number;
  readonly delayMaxMs: number;
}

/** Who tries to sign in. */
export interface Attempt {
  readonly address: string;
  /** Absent for a link, which names nobody. */
  readonly email?: string;
  /** The token of a known browser of that email. */
  readonly browser?: string;
  /** Failures of one email from one network that cost nothing; a network has six times as many. */
  readonly freeTries: number;
  /** UTC milliseconds. */
  readonly at: number;
}

const firstDelayMs = 1_000;
const delayMaxMs = 15 * 60_000;
/** Long enough to slow a guesser down to 2,880 a day, short enough to wait for. */
const emailDelayMaxMs = 30_000;
/** A day without a failure, and everything is forgotten. */
export const delaysKeptMs = 86_400_000;

/** The wait after so many failures. Pure; the statement below says the same. */
export function delayAfter(failures: number, free: number, maxMs: number): number {
  return failures <= free
    ? 0
    : Math.min(maxMs, firstDelayMs * 2 ** Math.min(failures - free - 1, 20));
}

const countAttempt: Statement = {
  name: "sign-in-count",
  text: `
    insert into sign_in_delay as d (counted, failures, failed_at, open_at)
    values ($1, 1, $2::timestamptz, $2::timestamptz + $3::float8 * interval '1 millisecond')
    on conflict (counted) do update
    set failures = case when d.failed_at < $6::timestamptz then 1 else d.failures + 1 end,
        failed_at = $2::timestamptz,
        open_at = $2::timestamptz + interval '1 millisecond' * case
          when d.failed_at < $6::timestamptz or d.failures + 1 <= $4::int then 0
          else least($5::float8, ${firstDelayMs} * power(2, least(d.failures - $4::int, 20)))
        end
    where d.open_at <= $2::timestamptz
    returning failures`,
};

const selectOpenAt: Statement = {
  name: "sign-in-open-at",
  text: "select open_at from sign_in_delay where counted = $1",
};

/**
 * Counts an attempt as failed before it is looked at, so that many at once cannot slip through; `forgive` takes
 * it back once it was right. One that comes too early is refused with 429, and is not counted.
 */
export async function countSignIn(pool: Pool, attempt: Attempt): Promise<void> {
  // Everybody locks in the same order.
  const all = countedOf(attempt).sort((a, b) => a.key.compare(b.key));
  await inTransaction(pool, async (tx) => {
    for (const one of all) await countOne(tx, one, attempt.at);
  });
}

async function countOne(tx: Transaction, counted: Counted, at: number): Promise<void> {
  const { key, free, delayMaxMs: maxMs } = counted;
  const { rowCount } = await runStatement(tx, countAttempt, [
    key,
    new Date(at),
    delayAfter(1, free, maxMs),
    free,
    maxMs,
    new Date(at - delaysKeptMs),
  ]);
  if (rowCount === 1) return;
  const { rows } = await runStatement<{ open_at: number }>(tx, selectOpenAt, [key]);
  const waitMs = Math.max(1_000, (rows[0]?.open_at ?? at) - at);
  throw appError("tooManyRequests", {
    limit: "failed attempts to sign in",
    retryAfterSeconds: Math.ceil(waitMs / 1_000),
  });
}

const forgiveOne: Statement = {
  name: "sign-in-forgive",
  text: `
    update sign_in_delay
    set failures = greatest(0, failures - 1), open_at = $2
    where counted = $1`,
};

const forgetOne: Statement = {
  name: "sign-in-forget",
  text: "delete from sign_in_delay where counted = $1",
};

/** Takes an attempt back that was right; the person's own failures from there are forgotten. */
export async function forgiveSignIn(tx: Transaction, attempt: Attempt): Promise<void> {
  for (const { key } of countedOf(attempt).sort((a, b) => a.key.compare(b.key))) {
    const isOwn = key.equals(keyOf("pair", attempt.email ?? "", networkOf(attempt.address)));
    await runStatement(
      tx,
      isOwn ? forgetOne : forgiveOne,
      isOwn ? [key] : [key, new Date(attempt.at)],
    );
  }
}

function countedOf({ address, email, browser, freeTries: free }: Attempt): Counted[] {
  if (browser !== undefined) return [{ key: keyOf("browser", browser), free, delayMaxMs }];
  const network = networkOf(address);
  const ofNetwork = { key: keyOf("network", network), free: 6 * free, delayMaxMs };
  if (email === undefined) return [ofNetwork];
  return [
    ofNetwork,
    { key: keyOf("pair", email, network), free, delayMaxMs },
    { key: keyOf("email", email), free: 10 * free, delayMaxMs: emailDelayMaxMs },
  ];
}

const keyOf = (...parts: readonly string[]): Buffer =>
  createHash("sha256").update(parts.join("\0")).digest();

/** An IPv4 address, or the /64 of an IPv6 one: whoever has one of its addresses has all. */
export function networkOf(address: string): string {
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, "").replace(/%.*$/, "");
  if (!isIPv6(plain)) return plain;
  const [head = "", tail] = plain.split("::");
  const left = head === "" ? [] : head.split(":");
  const right = tail === undefined || tail === "" ? [] : tail.split(":");
  const zeros = tail === undefined ? 0 : 8 - left.length - right.length;
  const groups = [...left, ...Array<string>(Math.max(0, zeros)).fill("0"), ...right];
  return `${groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(":")}::/64`;
}
