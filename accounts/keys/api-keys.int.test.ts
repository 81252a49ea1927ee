import { randomUUID } from "node:crypto";
import { operatorActor } from "@tillcast/core";
import { createTestDatabase, type TestDatabase } from "@tillcast/core/testing";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { createApiKey, findApiKey } from "./api-keys.ts";
import { revokeKey } from "./manage-keys.ts";

let db: TestDatabase;
const tenantId = randomUUID();
beforeAll(async () => {
  db = await createTestDatabase();
  await db.database.service.query("insert into tenant (tenant_id, name) values ($1, 'Café')", [
    tenantId,
  ]);
});
afterAll(() => db.drop());

test("a key tells its tenant and scopes, and is not kept in the database", async () => {
  const pool = db.database.service;
  const { keyId, key } = await createApiKey(pool, { tenantId, scopes: ["orders:write"] });
  expect(key).toMatch(/^tck_[0-9a-f]{16}_[\w-]{43}$/);
  expect(await findApiKey(pool, key)).toEqual({
    kind: "key",
    keyId,
    tenantId,
    scopes: ["orders:write"],
    storeIds: null,
  });
  const row = await pool.query(
    "select k::text as all, last_used_at from api_key k where key_id = $1",
    [keyId],
  );
  expect(row.rows[0].all).not.toContain(key.slice(-43));
  expect(row.rows[0].last_used_at).toBeInstanceOf(Date);
});

test("what is no key, another's secret or an unknown id finds nobody", async () => {
  const pool = db.database.service;
  const { keyId } = await createApiKey(pool, { tenantId, scopes: ["sales:read"] });
  const other = await createApiKey(pool, { tenantId, scopes: ["sales:read"] });
  const foreignSecret = other.key.replace(other.keyId, keyId);
  for (const key of ["", "tck_", foreignSecret, `tck_0000000000000000_${other.key.slice(-43)}`]) {
    expect(await findApiKey(pool, key)).toBeUndefined();
  }
});

test("a revoked key is refused once what was remembered has expired", async () => {
  const pool = db.database.service;
  const { keyId, key } = await createApiKey(pool, { tenantId, scopes: ["sales:read"] });
  expect(await findApiKey(pool, key)).toBeDefined();
  const by = operatorActor(Date.now());
  await revokeKey(pool, by, keyId);
  await expect(revokeKey(pool, by, keyId)).rejects.toMatchObject({ code: "notFound" });
  const inHalfAMinute = performance.now() + 30_000;
  const later = vi.spyOn(performance, "now").mockReturnValue(inHalfAMinute);
  expect(await findApiKey(pool, key)).toBeUndefined();
  later.mockRestore();
});
