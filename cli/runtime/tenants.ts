import { appError } from "@tillcast/core";
import type { Database } from "@tillcast/core/database";

type Queryable = Pick<Database["service"], "query">;

/** Refuses an id that no tenant has. */
export async function requireTenant(db: Queryable, tenantId: string): Promise<void> {
  const { rows } = await db.query("select 1 from tenant where tenant_id = $1", [tenantId]);
  if (rows.length === 0) throw appError("notFound", { what: `tenant ${tenantId}` });
}

/** Refuses stores that the tenant does not have. */
export async function requireStores(
  db: Queryable,
  tenantId: string,
  storeIds: readonly string[],
): Promise<void> {
  const { rows } = await db.query<{ store_id: string }>(
    "select store_id from store where tenant_id = $1 and store_id = any($2)",
    [tenantId, storeIds],
  );
  const known = new Set(rows.map((row) => row.store_id));
  const missing = storeIds.find((storeId) => !known.has(storeId));
  if (missing !== undefined) {
    throw appError("notFound", { what: `store ${missing} of tenant ${tenantId}` });
  }
}
