import { randomUUID } from "node:crypto";
import { createSession } from "@tillcast/accounts";
import type { Pool } from "pg";

const lifeMs = 3_600_000;

/** Makes an owner of a tenant and opens a session; answers the cookie's value. */
export async function ownerSession(pool: Pool, tenantId: string): Promise<string> {
  const userId = randomUUID();
  await pool.query(
    "insert into app_user (user_id, tenant_id, email, role, all_stores) values ($1, $2, $3, 'owner', true)",
    [userId, tenantId, `${userId}@bench.example`],
  );
  const createdAt = Date.now();
  const { token } = await createSession(pool, {
    userId,
    tenantId,
    createdAt,
    expiresAt: createdAt + lifeMs,
  });
  return token;
}
