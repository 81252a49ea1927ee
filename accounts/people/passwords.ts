import { hash, verify } from "@node-rs/argon2";
import { makeLimiter } from "@tillcast/core";

/** OWASP's least for argon2id: 19 MiB, two passes, one lane; about 25 ms of one core. */
const cost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/**
 * Hashes of this process that run at the same time, and that wait: two keep two cores busy, and 60 more are a
 * wait of about a second. A flood of sign-ins is answered 503 and leaves the process free for everybody else.
 */
const hashing = makeLimiter({ atOnce: 2, waitingMax: 60, what: "The queue of sign-ins" });

/** Hashes with argon2id (the library's default); salt and cost are part of the text. */
export function hashPassword(password: string): Promise<string> {
  return hashing(() => hash(password, cost));
}

let decoy: Promise<string> | undefined;

/**
 * True when the password belongs to the hash. Without a hash (no such person, or no password yet)
 * the same time is spent, so that an answer's delay does not tell who has an account.
 */
export async function verifyPassword(
  passwordHash: string | null | undefined,
  password: string,
): Promise<boolean> {
  if (passwordHash === null || passwordHash === undefined) {
    decoy ??= hashPassword("no password opens this");
    const hashed = await decoy;
    await hashing(() => verify(hashed, password));
    return false;
  }
  return hashing(() => verify(passwordHash, password));
}
