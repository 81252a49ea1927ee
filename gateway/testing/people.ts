import { randomUUID } from "node:crypto";
import { createApiKey, createSession, hashPassword, type Role } from "@tillcast/accounts";
import type { Pool } from "pg";

/** A tenant of a test. */
export async function addTenant(
  service: Pool,
  fields: { readonly name?: string; readonly netCharges?: readonly string[] } = {},
): Promise<string> {
  const tenantId = randomUUID();
  await service.query(
    "insert into tenant (tenant_id, name, net_charges) values ($1, $2, coalesce($3::text[], '{service,delivery}'))",
    [tenantId, fields.name ?? "A tenant", fields.netCharges ?? null],
  );
  return tenantId;
}

export interface TestUser {
  readonly userId: string;
  readonly email: string;
  /** The `Cookie` header of a session that is open. */
  readonly cookie: string;
}

/** A person with an open session. */
export async function addUser(
  service: Pool,
  fields: {
    readonly tenantId: string;
    readonly role: Role;
    readonly password?: string;
    readonly storeIds?: readonly string[];
    readonly expiresAt?: number;
  },
): Promise<TestUser> {
  const userId = randomUUID();
  const email = `${fields.role}-${userId.slice(0, 8)}@example.com`;
  const hash = fields.password === undefined ? null : await hashPassword(fields.password);
  await service.query(
    `insert into app_user (user_id, tenant_id, email, password_hash, role, all_stores)
     values ($1, $2, $3, $4, $5, $6)`,
    [userId, fields.tenantId, email, hash, fields.role, seesAllStores(fields)],
  );
  for (const storeId of fields.storeIds ?? []) {
    await service.query(
      "insert into user_store (user_id, store_id, tenant_id) values ($1, $2, $3)",
      [userId, storeId, fields.tenantId],
    );
  }
  const { token } = await createSession(service, {
    userId,
    tenantId: fields.tenantId,
    createdAt: 0,
    expiresAt: fields.expiresAt ?? Date.UTC(2090, 0, 1),
  });
  return { userId, email, cookie: `tillcast_session=${token}` };
}

/** As the command that makes people has it: no stores named is all of them, except for a manager. */
const seesAllStores = ({ role, storeIds = [] }: { role: Role; storeIds?: readonly string[] }) =>
  role === "owner" || (role !== "manager" && storeIds.length === 0);

/** The `Authorization` header of a new key. */
export async function addKey(
  service: Pool,
  tenantId: string,
  scopes: readonly ("orders:write" | "sales:read")[],
): Promise<string> {
  const { key } = await createApiKey(service as never, { tenantId, scopes: [...scopes] });
  return `Bearer ${key}`;
}
