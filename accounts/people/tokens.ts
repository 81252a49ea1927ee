import { createHash, randomBytes } from "node:crypto";

/** A secret for its bearer, and what the database keeps of it. */
export interface Token {
  /** 32 random bytes in base64url; shown once. */
  readonly token: string;
  /** SHA-256: a random token needs no slow hash. */
  readonly hash: Buffer;
}

/** Makes a token for sessions, links and keys. */
export function makeToken(): Token {
  const token = randomBytes(32).toString("base64url");
  return { token, hash: hashToken(token) };
}

/** The hash under which a presented token is looked up. */
export function hashToken(token: string): Buffer {
  return createHash("sha256").update(token).digest();
}
