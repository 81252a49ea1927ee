import { randomUUID } from "node:crypto";
import { type Actor, audited } from "@tillcast/core";
import { runStatement, type Statement } from "@tillcast/core/database";
import type { ClientBase, Pool } from "pg";
import { makeToken } from "./tokens.ts";

type Queryable = Pick<ClientBase, "query">;

/** An invitation is refused once the person has a password; a reset is not. */
export type LinkPurpose = "invite" | "reset";

/** How long a link works; another can be made any time. */
const linkLifeMs = 3_600_000;

const insertLink: Statement = {
  name: "links-insert",
  text: `
    insert into sign_in_link (token_hash, user_id, tenant_id, expires_at, purpose)
    values ($1, $2, $3, $4, $5)`,
};

/**
 * Makes a link by which a person signs in once and chooses a password; answers its token. Earlier links of that
 * person work no more, so that one lost in a log opens nothing.
 */
export async function issueLink(
  db: Queryable,
  link: { readonly userId: string; readonly tenantId: string; readonly purpose: LinkPurpose },
  nowMs: number,
): Promise<string> {
  const { token, hash } = makeToken();
  await db.query("delete from sign_in_link where user_id = $1", [link.userId]);
  await runStatement(db, insertLink, [
    hash,
    link.userId,
    link.tenantId,
    new Date(nowMs + linkLifeMs),
    link.purpose,
  ]);
  return token;
}

const isUsable = `
  link.token_hash = $1
    and link.used_at is null
    and link.expires_at > $2
    and person.user_id = link.user_id
    and person.disabled_at is null
    and (link.purpose = 'reset' or person.password_hash is null)`;

const useLink: Statement = {
  name: "links-use",
  text: `
    update sign_in_link link
    set used_at = $2
    from app_user person
    where ${isUsable}
    returning link.user_id as "userId"`,
};

const selectLinkOwner: Statement = {
  name: "links-owner",
  text: `
    select link.user_id as "userId"
    from sign_in_link link, app_user person
    where ${isUsable}`,
};

/**
 * Uses a link up and answers whose it is; undefined where it is unknown, used or expired, where the person is
 * disabled, or where it invites one who has chosen a password since: an old link must not take an account over.
 */
export async function consumeLink(
  db: Queryable,
  tokenHash: Buffer,
  nowMs: number,
): Promise<string | undefined> {
  const { rows } = await runStatement<{ userId: string }>(db, useLink, [
    tokenHash,
    new Date(nowMs),
  ]);
  return rows[0]?.userId;
}

/** Whose a link is that still works; it stays as it is. */
export async function findLinkOwner(
  db: Queryable,
  tokenHash: Buffer,
  nowMs: number,
): Promise<string | undefined> {
  const values = [tokenHash, new Date(nowMs)];
  const { rows } = await runStatement<{ userId: string }>(db, selectLinkOwner, values);
  return rows[0]?.userId;
}

const insertFirstOwner: Statement = {
  name: "people-insert-first-owner",
  text: `
    insert into app_user (user_id, tenant_id, email, role, all_stores)
    select $1, $2, $3, 'owner', true
    where not exists (select from app_user where tenant_id = $2 and role = 'owner')
    on conflict do nothing`,
};

const selectFirstOwner: Statement = {
  name: "people-first-owner",
  text: `
    select user_id, has_password
    from app_user
    where tenant_id = $1 and role = 'owner'
    order by has_password desc, created_at
    limit 1`,
};

/**
 * Answers the token of a link that signs a tenant's first owner in, making the owner when there is none; null
 * once an owner has set a password.
 */
export async function firstOwnerLink(
  pool: Pool,
  by: Actor,
  tenant: { readonly tenantId: string; readonly email: string },
): Promise<string | null> {
  const { tenantId } = tenant;
  await runStatement(pool, insertFirstOwner, [randomUUID(), tenantId, tenant.email]);
  const { rows } = await runStatement<{ user_id: string; has_password: boolean }>(
    pool,
    selectFirstOwner,
    [tenantId],
  );
  const [owner] = rows;
  if (owner === undefined || owner.has_password) return null;
  const userId = owner.user_id;
  return audited(pool, by, "link made", async (tx, note) => {
    note({ tenantId, subject: userId, detail: { purpose: "invite" } });
    return issueLink(tx, { userId, tenantId, purpose: "invite" }, by.at);
  });
}
