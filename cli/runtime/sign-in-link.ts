import { makeToken } from "@tillcast/accounts";
import type { Database } from "@tillcast/core/database";

/** How long a printed link works; another can be made any time. */
const linkLifeMs = 3_600_000;

/**
 * Makes the token of a link by which an invited person signs in once and chooses a password. Earlier links of
 * that person work no more, so that one lost in a log opens nothing.
 */
export async function makeSignInToken(
  db: Pick<Database["service"], "query">,
  user: { readonly userId: string; readonly tenantId: string },
  nowMs: number,
): Promise<string> {
  const { token, hash } = makeToken();
  await db.query("delete from sign_in_link where user_id = $1", [user.userId]);
  await db.query(
    "insert into sign_in_link (token_hash, user_id, tenant_id, expires_at) values ($1, $2, $3, $4)",
    [hash, user.userId, user.tenantId, new Date(nowMs + linkLifeMs)],
  );
  return token;
}

/** The server's address as a person opens it. */
export const serverAddress = (host: string, port: number): string =>
  `http://${host.includes(":") ? `[${host}]` : host}:${port}`;

/** The page that redeems a token. */
export const signInLink = (address: string, token: string): string =>
  `${address}/link?token=${token}`;
