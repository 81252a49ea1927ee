import { randomUUID } from "node:crypto";
import { createApiKey } from "@tillcast/accounts";
import type { Pool } from "pg";

/** A tenant with a key that may push and read. */
export interface TestTenant {
  readonly tenantId: string;
  readonly key: string;
}

/** Makes a tenant. */
export async function addTenant(service: Pool, name: string): Promise<TestTenant> {
  const tenantId = randomUUID();
  await service.query("insert into tenant (tenant_id, name) values ($1, $2)", [tenantId, name]);
  const scopes = ["orders:write", "sales:read"] as const;
  const { key } = await createApiKey(service, { tenantId, scopes });
  return { tenantId, key };
}

/** Makes a store whose business date turns at 04:00, and answers its id. */
export async function addStore(
  service: Pool,
  tenantId: string,
  fields: {
    readonly storeId?: string;
    readonly timeZone?: string;
    readonly currency?: string;
    readonly closeoutMinute?: number;
  } = {},
): Promise<string> {
  const { storeId = randomUUID(), timeZone = "Europe/Berlin", currency = "EUR" } = fields;
  await service.query(
    "insert into store (store_id, tenant_id, name, time_zone, currency) values ($1, $2, $3, $4, $5)",
    [storeId, tenantId, `Store in ${timeZone}`, timeZone, currency],
  );
  await service.query(
    `insert into store_closeout (store_id, tenant_id, effective_from, closeout_minute)
     values ($1, $2, '2000-01-01', $3)`,
    [storeId, tenantId, fields.closeoutMinute ?? 240],
  );
  return storeId;
}
