import { randomUUID } from "node:crypto";
import type { Pool } from "pg";
import { makeSignInToken } from "./sign-in-link.ts";

/**
 * Answers the token of a link that signs a tenant's first owner in, making the owner when there is none;
 * null once an owner has set a password.
 */
export async function firstRunToken(
  pool: Pool,
  tenant: { readonly tenantId: string; readonly email: string },
  nowMs: number,
): Promise<string | null> {
  await pool.query(
    `insert into app_user (user_id, tenant_id, email, role, all_stores)
     select $1, $2, $3, 'owner', true
     where not exists (select from app_user where tenant_id = $2 and role = 'owner')
     on conflict do nothing`,
    [randomUUID(), tenant.tenantId, tenant.email],
  );
  const { rows } = await pool.query<{ user_id: string; has_password: boolean }>(
    `select user_id, password_hash is not null as has_password
     from app_user where tenant_id = $1 and role = 'owner'
     order by has_password desc, created_at limit 1`,
    [tenant.tenantId],
  );
  const owner = rows[0];
  if (owner === undefined || owner.has_password) return null;
  return makeSignInToken(pool, { userId: owner.user_id, tenantId: tenant.tenantId }, nowMs);
}
