import { appError } from "@tillcast/core";
import { runStatement, type Statement } from "@tillcast/core/database";
import type { ClientBase } from "pg";
import type { Role } from "../access/principal.ts";

type Queryable = Pick<ClientBase, "query">;

/** A person as they are listed; instants in UTC milliseconds. */
export interface PersonFacts {
  readonly userId: string;
  readonly tenantId: string;
  readonly email: string;
  readonly role: Role;
  readonly allStores: boolean;
  readonly storeIds: readonly string[];
  readonly hasPassword: boolean;
  readonly runsInstallation: boolean;
  readonly isDisabled: boolean;
  readonly createdAt: number;
  readonly lastSeenAt: number | null;
  readonly sessions: number;
}

const selectPeople: Statement = {
  name: "people-list",
  text: `
    select
      u.user_id as "userId",
      u.tenant_id as "tenantId",
      u.email,
      u.role,
      u.all_stores as "allStores",
      array(select store_id from user_store s where s.user_id = u.user_id order by 1) as "storeIds",
      u.has_password as "hasPassword",
      u.runs_installation as "runsInstallation",
      u.disabled_at is not null as "isDisabled",
      u.created_at as "createdAt",
      open.last_seen_at as "lastSeenAt",
      open.sessions
    from app_user u
    cross join lateral (
      select max(coalesce(last_seen_at, created_at)) as last_seen_at, count(*)::int as sessions
      from session
      where session.user_id = u.user_id and expires_at > now()
    ) open
    where ($1::uuid is null or u.tenant_id = $1)
    order by u.created_at, u.user_id`,
};

/** People of one tenant or of all, the oldest first. */
export async function listPeople(
  db: Queryable,
  tenantId: string | undefined,
): Promise<PersonFacts[]> {
  const { rows } = await runStatement<PersonFacts & Record<string, unknown>>(db, selectPeople, [
    tenantId ?? null,
  ]);
  return rows;
}

/** The person with an id or an email; refused where there is none. */
export async function findPersonId(db: Queryable, idOrEmail: string): Promise<string> {
  const { rows } = await db.query<{ user_id: string }>(
    "select user_id from app_user where user_id::text = $1 or email = $1",
    [idOrEmail.trim().toLowerCase()],
  );
  if (rows[0] === undefined) throw appError("notFound", { what: `person ${idOrEmail}` });
  return rows[0].user_id;
}
