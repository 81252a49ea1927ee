import { randomUUID } from "node:crypto";
import { type Actor, appError, audited } from "@tillcast/core";
import { runStatement, type Statement, type Transaction } from "@tillcast/core/database";
import type { Pool } from "pg";

const insertTenant: Statement = {
  name: "tenants-insert",
  text: "insert into tenant (tenant_id, name) values ($1, $2)",
};

interface TenantRow {
  readonly name: string;
  readonly is_disabled: boolean;
}

const lockTenant: Statement = {
  name: "tenants-lock",
  text: `
    select name, disabled_at is not null as is_disabled
    from tenant
    where tenant_id = $1 and ($2::uuid is null or tenant_id = $2)
    for update`,
};

const updateTenant: Statement = {
  name: "tenants-update",
  text: `
    update tenant
    set name = $2, disabled_at = case when $3 then coalesce(disabled_at, $4) end
    where tenant_id = $1`,
};

/** Makes a tenant and answers its id. */
export function createTenant(pool: Pool, by: Actor, name: string): Promise<string> {
  return audited(pool, by, "tenant created", async (tx, note) => {
    const tenantId = randomUUID();
    await runStatement(tx, insertTenant, [tenantId, name]);
    note({ tenantId, subject: tenantId, detail: { name } });
    return tenantId;
  });
}

/** Calls a tenant something else. */
export function renameTenant(
  pool: Pool,
  by: Actor,
  { tenantId, name }: { readonly tenantId: string; readonly name: string },
): Promise<void> {
  return audited(pool, by, "tenant renamed", async (tx, note) => {
    const before = await loadForChange(tx, by, tenantId);
    await runStatement(tx, updateTenant, [tenantId, name, before.is_disabled, new Date(by.at)]);
    note({ tenantId, subject: tenantId, detail: { before: before.name, after: name } });
  });
}

/**
 * Takes a tenant out of use, or into use again. While it is disabled nobody signs in to it, its people's
 * sessions and its keys are refused, and its data stays.
 */
export function setTenantDisabled(
  pool: Pool,
  by: Actor,
  { tenantId, isDisabled }: { readonly tenantId: string; readonly isDisabled: boolean },
): Promise<void> {
  return audited(pool, by, isDisabled ? "tenant disabled" : "tenant enabled", async (tx, note) => {
    const before = await loadForChange(tx, by, tenantId);
    await runStatement(tx, updateTenant, [tenantId, before.name, isDisabled, new Date(by.at)]);
    note({ tenantId, subject: tenantId });
  });
}

async function loadForChange(tx: Transaction, by: Actor, tenantId: string): Promise<TenantRow> {
  const { rows } = await runStatement<TenantRow & Record<string, unknown>>(tx, lockTenant, [
    tenantId,
    by.tenantId,
  ]);
  if (rows[0] === undefined) throw appError("notFound", { what: `tenant ${tenantId}` });
  return rows[0];
}
