import { runStatement, type Statement } from "@tillcast/core/database";
import type { ClientBase } from "pg";
import { hashToken, makeToken } from "./tokens.ts";

/** The cookie by which a browser is known that has signed in before. */
export const browserCookieName = "tillcast_browser";

/** How long a browser is known after its last sign-in. */
export const browserLifeMs: number = 180 * 86_400_000;

const upsertBrowser: Statement = {
  name: "browsers-upsert",
  text: `
    insert into known_browser (token_hash, user_id, tenant_id, expires_at)
    values ($1, $2, $3, $4)
    on conflict (token_hash) do update
    set expires_at = excluded.expires_at`,
};

const selectBrowser: Statement = {
  name: "browsers-select",
  text: `
    select 1
    from known_browser b
    join app_user u on u.user_id = b.user_id
    where b.token_hash = $1 and u.email = $2 and b.expires_at > $3`,
};

/** Whether somebody has signed in as this person with this browser before. */
export async function isKnownBrowser(
  db: Pick<ClientBase, "query">,
  { token, email, at }: { readonly token: string; readonly email: string; readonly at: number },
): Promise<boolean> {
  const values = [hashToken(token), email, new Date(at)];
  return (await runStatement(db, selectBrowser, values)).rows.length > 0;
}

/** Remembers the browser of a person who has just signed in; answers its token, the known one where it is. */
export async function rememberBrowser(
  db: Pick<ClientBase, "query">,
  of: {
    readonly userId: string;
    readonly tenantId: string;
    readonly knownToken: string | undefined;
    readonly at: number;
  },
): Promise<string> {
  const token = of.knownToken ?? makeToken().token;
  const expiresAt = new Date(of.at + browserLifeMs);
  await runStatement(db, upsertBrowser, [hashToken(token), of.userId, of.tenantId, expiresAt]);
  return token;
}
