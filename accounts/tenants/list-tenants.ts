import { appError } from "@tillcast/core";
import { runStatement, type Statement } from "@tillcast/core/database";
import type { ClientBase } from "pg";

type Queryable = Pick<ClientBase, "query">;

/** A tenant as it is listed. */
export interface TenantFacts {
  readonly tenantId: string;
  readonly name: string;
  readonly isDemo: boolean;
  readonly countedWhen: string;
  readonly stores: number;
  readonly isDisabled: boolean;
}

const selectTenants: Statement = {
  name: "tenants-list",
  text: `
    select
      tenant_id as "tenantId",
      name,
      is_demo as "isDemo",
      counted_when as "countedWhen",
      (select count(*)::int from store where store.tenant_id = tenant.tenant_id) as stores,
      disabled_at is not null as "isDisabled"
    from tenant
    order by created_at, tenant_id`,
};

/** All tenants, the oldest first. */
export async function listTenants(db: Queryable): Promise<TenantFacts[]> {
  const { rows } = await runStatement<TenantFacts & Record<string, unknown>>(db, selectTenants, []);
  return rows;
}

/** Refuses an id that no tenant has. */
export async function requireTenant(db: Queryable, tenantId: string): Promise<void> {
  const { rows } = await db.query("select 1 from tenant where tenant_id = $1", [tenantId]);
  if (rows.length === 0) throw appError("notFound", { what: `tenant ${tenantId}` });
}
