import { randomUUID } from "node:crypto";
import { makeManualClock } from "@tillcast/core";
import { createTestDatabase, type TestDatabase } from "@tillcast/core/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createApiKey } from "../keys/api-keys.ts";
import { createSession, endSession } from "../people/sessions.ts";
import { type Authenticate, makeAuthenticate } from "./authenticate.ts";

const noon = Date.UTC(2026, 10, 21, 12);
const hourMs = 3_600_000;
const clock = makeManualClock(noon);
const [tenantId, storeId] = [randomUUID(), randomUUID()];

let db: TestDatabase;
let authenticate: Authenticate;
beforeAll(async () => {
  db = await createTestDatabase();
  authenticate = makeAuthenticate({ database: db.database, clock });
  await db.database.service.query("insert into tenant (tenant_id, name) values ($1, 'Café')", [
    tenantId,
  ]);
});
afterAll(() => db.drop());

async function signedIn(role: string, stores: readonly string[] = []) {
  const userId = randomUUID();
  await db.database.service.query(
    "insert into app_user (user_id, tenant_id, email, role) values ($1, $2, $3, $4)",
    [userId, tenantId, `${userId}@example.com`, role],
  );
  for (const store of stores) {
    await db.database.service.query(
      "insert into user_store (user_id, store_id, tenant_id) values ($1, $2, $3)",
      [userId, store, tenantId],
    );
  }
  const session = { userId, tenantId, createdAt: clock.now(), expiresAt: clock.now() + hourMs };
  return { userId, ...(await createSession(db.database.service, session)) };
}
const withCookie = (token: string) =>
  authenticate({ headers: { cookie: `theme=dark; tillcast_session=${token}; a=b` } });

test("a session's cookie tells the person, the role and the stores, until it is over or ended", async () => {
  clock.set(noon);
  const { userId, token } = await signedIn("viewer", [storeId]);
  const principal = await withCookie(token);
  expect(principal).toMatchObject({
    kind: "user",
    userId,
    tenantId,
    role: "viewer",
    storeIds: [storeId],
  });
  clock.set(noon + hourMs);
  expect(await withCookie(token)).toBeUndefined();
  clock.set(noon);
  await endSession(db.database.service, principal?.sessionId ?? "");
  expect(await withCookie(token)).toBeUndefined();
});

test("an owner sees all stores, a manager without any sees none", async () => {
  clock.set(noon);
  expect((await withCookie((await signedIn("owner", [storeId])).token))?.storeIds).toBeNull();
  expect((await withCookie((await signedIn("manager")).token))?.storeIds).toEqual([]);
});

test("a viewer whose last store is taken away sees none, and one of all stores still all", async () => {
  clock.set(noon);
  const { userId, token } = await signedIn("viewer", [storeId]);
  await db.database.service.query("delete from user_store where user_id = $1", [userId]);
  expect((await withCookie(token))?.storeIds).toEqual([]);
  await db.database.service.query("update app_user set all_stores = true where user_id = $1", [
    userId,
  ]);
  expect((await withCookie(token))?.storeIds).toBeNull();
});

test("a key that is not valid is nobody's, whatever cookie comes with it", async () => {
  clock.set(noon);
  const { token } = await signedIn("owner");
  const { key } = await createApiKey(db.database.service, { tenantId, scopes: ["sales:read"] });
  const cookie = `tillcast_session=${token}`;
  expect((await authenticate({ headers: { authorization: `Bearer ${key}` } }))?.kind).toBe("key");
  for (const authorization of ["Bearer wrong", "Basic abc", "", "Bearer"]) {
    expect(await authenticate({ headers: { authorization, cookie } })).toBeUndefined();
  }
  expect(await authenticate({ headers: {} })).toBeUndefined();
  expect(await authenticate({ headers: { cookie: "tillcast_session=" } })).toBeUndefined();
});
