import { type Actor, appError, audited } from "@tillcast/core";
import { runStatement, type Statement } from "@tillcast/core/database";
import type { ClientBase, Pool } from "pg";

/** A session that is open; its token is nowhere. Instants in UTC milliseconds. */
export interface SessionFacts {
  readonly openedAt: number;
  readonly lastSeenAt: number | null;
  readonly expiresAt: number;
  readonly address: string | null;
  readonly browser: string | null;
}

const selectSessions: Statement = {
  name: "sessions-list",
  text: `
    select
      created_at as "openedAt",
      last_seen_at as "lastSeenAt",
      expires_at as "expiresAt",
      address,
      browser
    from session
    where user_id = $1 and expires_at > $2
      and (idle_limit is null or last_seen_at + idle_limit > $2)
    order by created_at desc`,
};

/** What a person has open, the newest first. */
export async function listSessions(
  db: Pick<ClientBase, "query">,
  userId: string,
  nowMs: number,
): Promise<SessionFacts[]> {
  const { rows } = await runStatement<SessionFacts & Record<string, unknown>>(db, selectSessions, [
    userId,
    new Date(nowMs),
  ]);
  return rows;
}

const endSessionsOf: Statement = {
  name: "sessions-end",
  text: "delete from session where user_id = $1",
};

/** Ends all that a person has open; sockets close within ten seconds. Answers how many sessions there were. */
export function endSessions(pool: Pool, by: Actor, userId: string): Promise<number> {
  return audited(pool, by, "sessions ended", async (tx, note) => {
    const { rows } = await tx.query<{ tenant_id: string }>(
      "select tenant_id from app_user where user_id = $1 and ($2::uuid is null or tenant_id = $2)",
      [userId, by.tenantId],
    );
    if (rows[0] === undefined) throw appError("notFound", { what: `person ${userId}` });
    const ended = (await runStatement(tx, endSessionsOf, [userId])).rowCount ?? 0;
    note({ tenantId: rows[0].tenant_id, subject: userId, detail: { ended } });
    return ended;
  });
}
