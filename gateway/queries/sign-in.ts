import { runStatement, type Statement } from "@tillcast/core/database";
import type { ClientBase } from "pg";

type Db = Pick<ClientBase, "query">;

/** A person as sign-in needs them. */
export interface SignInUser {
  readonly user_id: string;
  readonly tenant_id: string;
  readonly password_hash: string | null;
}

const selectByEmail: Statement = {
  name: "gateway-user-by-email",
  text: `
    select
      user_id,
      tenant_id,
      password_hash
    from app_user
    where email = $1`,
};

/** The person with an email; upper and lower case are one. */
export async function findUserByEmail(db: Db, email: string): Promise<SignInUser | undefined> {
  const { rows } = await runStatement<SignInUser & Record<string, unknown>>(db, selectByEmail, [
    email.trim().toLowerCase(),
  ]);
  return rows[0];
}

const useLink: Statement = {
  name: "gateway-use-link",
  text: `
    update sign_in_link link
    set used_at = $2
    from app_user person
    where link.token_hash = $1
      and link.used_at is null
      and link.expires_at > $2
      and person.user_id = link.user_id
      and (link.purpose = 'reset' or person.password_hash is null)
    returning link.user_id, link.tenant_id`,
};

/**
 * Uses a sign-in link up; undefined where it is unknown, used or expired, or invites a person who has chosen
 * a password since: an old link must not take an account over.
 */
export async function useSignInLink(
  db: Db,
  tokenHash: Buffer,
  nowMs: number,
): Promise<{ readonly user_id: string; readonly tenant_id: string } | undefined> {
  const { rows } = await runStatement<{ user_id: string; tenant_id: string }>(db, useLink, [
    tokenHash,
    new Date(nowMs),
  ]);
  return rows[0];
}

/** Sets a password, and ends the sessions and the links that were there before it. */
export async function setPassword(db: Db, userId: string, passwordHash: string): Promise<void> {
  await db.query("update app_user set password_hash = $2 where user_id = $1", [
    userId,
    passwordHash,
  ]);
  await db.query("delete from session where user_id = $1", [userId]);
  await db.query("delete from sign_in_link where user_id = $1", [userId]);
}

interface MeRow {
  readonly tenant_name: string;
  readonly is_demo: boolean;
  readonly must_set_password: boolean | null;
}

const selectMe: Statement = {
  name: "gateway-me",
  text: `
    select
      t.name as tenant_name,
      t.is_demo,
      (select u.password_hash is null from app_user u where u.user_id = $2) as must_set_password
    from tenant t
    where t.tenant_id = $1`,
};

/** The tenant of a principal, and whether the person has a password. */
export async function loadMe(
  db: Db,
  tenantId: string,
  userId: string | undefined,
): Promise<{ tenantName: string; isDemo: boolean; mustSetPassword: boolean } | undefined> {
  const { rows } = await runStatement<MeRow & Record<string, unknown>>(db, selectMe, [
    tenantId,
    userId ?? null,
  ]);
  const [row] = rows;
  return (
    row && {
      tenantName: row.tenant_name,
      isDemo: row.is_demo,
      mustSetPassword: row.must_set_password ?? false,
    }
  );
}
