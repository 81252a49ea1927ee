import { randomUUID } from "node:crypto";
import { systemClock as clock, silentLogger as log } from "@tillcast/core";
import { createTestDatabase, type TestDatabase } from "@tillcast/core/testing";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { createApiKey } from "../keys/api-keys.ts";
import { createSession } from "../people/sessions.ts";
import { makeAuthenticate } from "./authenticate.ts";
import { watchAccess } from "./watch-access.ts";

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.drop());
afterEach(() => vi.restoreAllMocks());

const query = (text: string, values: unknown[]) => db.database.service.query(text, values);
async function addPerson() {
  const [tenantId, userId, storeId] = [randomUUID(), randomUUID(), randomUUID()];
  await query("insert into tenant (tenant_id, name) values ($1, 'One')", [tenantId]);
  await query(
    "insert into app_user (user_id, tenant_id, email, role) values ($1, $2, $3, 'viewer')",
    [userId, tenantId, `${userId}@example.test`],
  );
  await query("insert into user_store (user_id, store_id, tenant_id) values ($1, $2, $3)", [
    userId,
    storeId,
    tenantId,
  ]);
  const session = { userId, tenantId, createdAt: Date.now(), expiresAt: Date.now() + 1e7 };
  await createSession(db.database.service, session);
  return { tenantId, userId };
}

/** Watches until `change` was told; answers how often that was. */
async function toldAfter(change: () => Promise<unknown>): Promise<number> {
  const watch = await watchAccess({ pool: db.database.service, log });
  const listener = vi.fn();
  watch.onChange(listener);
  await change();
  await vi.waitFor(() => expect(listener).toHaveBeenCalledTimes(2), { timeout: 20_000 });
  await watch.stop();
  return listener.mock.calls.length;
}

test("a revoked key and a disabled tenant's are refused although they are remembered", async () => {
  const authenticate = makeAuthenticate({ database: db.database, clock });
  const { tenantId } = await addPerson();
  const [revoked, other] = await Promise.all(
    ["a", "b"].map((name) =>
      createApiKey(db.database.service, { tenantId, name, scopes: ["sales:read"] }),
    ),
  );
  const ask = (key: string) => authenticate({ headers: { authorization: `Bearer ${key}` } });
  // What is remembered does not end by itself here.
  vi.spyOn(performance, "now").mockReturnValue(1_000);
  for (const key of [revoked, other]) expect(await ask(key?.key ?? "")).toBeDefined();
  await toldAfter(() =>
    query("update api_key set revoked_at = now() where key_id = $1", [revoked?.keyId]),
  );
  expect(await ask(revoked?.key ?? "")).toBeUndefined();
  expect(await ask(other?.key ?? "")).toBeDefined();
  await toldAfter(() =>
    query("update tenant set disabled_at = now() where tenant_id = $1", [tenantId]),
  );
  await expect(ask(other?.key ?? "")).rejects.toMatchObject({ code: "forbidden" });
});

test.each([
  ["a person is disabled", "update app_user set disabled_at = now() where user_id = $1"],
  ["a role changes", "update app_user set role = 'integrator' where user_id = $1"],
  ["a person loses a store", "delete from user_store where user_id = $1"],
  ["a session ends", "delete from session where user_id = $1"],
])("told when %s", async (_, text) => {
  const { userId } = await addPerson();
  expect(await toldAfter(() => query(text, [userId]))).toBe(2);
});

test("use of keys and sessions is no change of access", async () => {
  const { userId, tenantId } = await addPerson();
  const revision = async () =>
    (await db.database.service.query("select last_value::text as at from access_revision")).rows;
  const before = await revision();
  await query("update session set last_seen_at = now() where user_id = $1", [userId]);
  await query("update api_key set last_used_at = now() where tenant_id = $1", [tenantId]);
  expect(await revision()).toEqual(before);
});
