import { runStatement, type Statement } from "@tillcast/core/database";
import type { ClientBase, Pool } from "pg";
import type { Principal, Role } from "../access/principal.ts";
import { refuseDisabledTenant } from "../tenants/disabled-tenant.ts";
import { hashToken, makeToken } from "./tokens.ts";

/**
 * The cookie that carries a session's token, by whether the page came by TLS: then under a name that browsers
 * take only from this very host, so that no sister domain can set it.
 */
export const sessionCookieName = (isSecure: boolean): string =>
  isSecure ? "__Host-tillcast_session" : "tillcast_session";

/** A browser names itself at length; the beginning tells which it is. */
const browserMaxLength = 200;

const insertSession: Statement = {
  name: "auth-insert-session",
  text: `
    insert into session (token_hash, user_id, tenant_id, created_at, expires_at, last_seen_at, idle_limit,
      address, browser)
    values ($1, $2, $3, $4, $5, $4, $6 * interval '1 millisecond', $7, $8)`,
};

/** Opens a session; the token is seen only in the answer. */
export async function createSession(
  db: Pick<ClientBase, "query">,
  session: {
    readonly userId: string;
    readonly tenantId: string;
    /** UTC milliseconds, as the expiry. */
    readonly createdAt: number;
    readonly expiresAt: number;
    /** Unused for so long, it is over; without it, only the expiry ends it. */
    readonly idleLimitMs?: number;
    /** From where it was opened, and by which browser, for the person to recognise. */
    readonly address?: string;
    readonly browser?: string;
  },
): Promise<{ readonly token: string }> {
  const { token, hash } = makeToken();
  await runStatement(db, insertSession, [
    hash,
    session.userId,
    session.tenantId,
    new Date(session.createdAt),
    new Date(session.expiresAt),
    session.idleLimitMs ?? null,
    session.address ?? null,
    session.browser?.slice(0, browserMaxLength) ?? null,
  ]);
  return { token };
}

/** Ends a session by its id (`Principal.sessionId`); ending it twice is no fault. */
export async function endSession(db: Pick<ClientBase, "query">, sessionId: string): Promise<void> {
  await db.query("delete from session where token_hash = $1", [Buffer.from(sessionId, "hex")]);
}

interface SessionRow {
  readonly user_id: string;
  readonly tenant_id: string;
  readonly email: string;
  readonly role: Role;
  readonly all_stores: boolean;
  readonly store_ids: string[] | null;
  readonly runs_installation: boolean;
  readonly is_tenant_disabled: boolean;
  readonly last_seen_at: number | null;
}

const selectSession: Statement = {
  name: "auth-select-session",
  text: `
    select
      u.user_id,
      u.tenant_id,
      u.email,
      u.role,
      u.all_stores,
      (select array_agg(store_id) from user_store where user_store.user_id = u.user_id) as store_ids,
      u.runs_installation,
      t.disabled_at is not null as is_tenant_disabled,
      s.last_seen_at
    from session s
    join app_user u on u.user_id = s.user_id
    join tenant t on t.tenant_id = u.tenant_id
    where s.token_hash = $1
      and s.expires_at > $2
      and (s.idle_limit is null or s.last_seen_at + s.idle_limit > $2)
      and u.disabled_at is null`,
};

const touchSession: Statement = {
  name: "auth-touch-session",
  text: "update session set last_seen_at = $2 where token_hash = $1",
};

/** A page that asks often writes seldom. */
const touchedEveryMs = 60_000;

/**
 * Whose session this is; undefined when there is none, it is over or was unused for too long, or the person is
 * disabled. Refuses a disabled tenant's by name. An open socket counts as use: it is looked up again and again.
 * Needs the service pool.
 */
export async function findSession(
  pool: Pool,
  token: string,
  nowMs: number,
): Promise<Principal | undefined> {
  const hash = hashToken(token);
  const { rows } = await runStatement<SessionRow>(pool, selectSession, [hash, new Date(nowMs)]);
  const [row] = rows;
  if (row === undefined) return undefined;
  refuseDisabledTenant(row.is_tenant_disabled);
  if (nowMs - (row.last_seen_at ?? 0) > touchedEveryMs) {
    await runStatement(pool, touchSession, [hash, new Date(nowMs)]);
  }
  return {
    kind: "user",
    tenantId: row.tenant_id,
    userId: row.user_id,
    email: row.email,
    role: row.role,
    sessionId: hash.toString("hex"),
    scopes: [],
    storeIds: storesOf(row),
    ...(row.runs_installation && { runsInstallation: true }),
  };
}

/** An owner sees all stores, anyone else those given, or all where that is said. */
function storesOf({ role, all_stores, store_ids }: SessionRow): readonly string[] | null {
  return role === "owner" || all_stores ? null : (store_ids ?? []);
}
