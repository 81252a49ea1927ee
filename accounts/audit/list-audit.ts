import { runStatement, type Statement } from "@tillcast/core/database";
import type { ClientBase } from "pg";

/** One change, as it is read: who made it, when, from where. */
export interface AuditEvent {
  readonly auditId: string;
  /** UTC milliseconds. */
  readonly at: number;
  readonly tenantId: string | null;
  readonly actorKind: "person" | "key" | "operator" | "system" | "stranger";
  readonly actor: string;
  /** The person's email, as long as there is that person. */
  readonly email: string | null;
  readonly action: string;
  readonly subject: string;
  readonly detail: Readonly<Record<string, unknown>>;
  readonly address: string | null;
  readonly requestId: string | null;
}

/** Which events, the newest first. */
export interface AuditFilter {
  readonly tenantId?: string | undefined;
  readonly action?: string | undefined;
  /** The last `auditId` of the page before. */
  readonly before?: string | undefined;
  readonly maxCount: number;
}

const selectEvents: Statement = {
  name: "audit-list",
  text: `
    select
      e.audit_id::text as "auditId",
      e.at,
      e.tenant_id as "tenantId",
      e.actor_kind as "actorKind",
      e.actor,
      u.email,
      e.action,
      e.subject,
      e.detail,
      e.address,
      e.request_id as "requestId"
    from audit_event e
    left join app_user u on u.user_id::text = e.actor and e.actor_kind = 'person'
    where ($1::uuid is null or e.tenant_id = $1)
      and ($2::text is null or e.action = $2)
      and ($3::bigint is null or e.audit_id < $3)
    order by e.audit_id desc
    limit $4`,
};

/** What was changed, the newest first; a tenant's own where one is named. */
export async function listAudit(
  db: Pick<ClientBase, "query">,
  { tenantId, action, before, maxCount }: AuditFilter,
): Promise<AuditEvent[]> {
  const { rows } = await runStatement<AuditEvent & Record<string, unknown>>(db, selectEvents, [
    tenantId ?? null,
    action ?? null,
    before ?? null,
    maxCount,
  ]);
  return rows;
}
