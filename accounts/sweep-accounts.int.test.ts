import { operatorActor } from "@tillcast/core";
import { createTestDatabase, type TestDatabase } from "@tillcast/core/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createPerson } from "./people/create-person.ts";
import { createSession } from "./people/sessions.ts";
import { countSignIn } from "./people/sign-in-delays.ts";
import { sweepAccounts } from "./sweep-accounts.ts";
import { createTenant } from "./tenants/change-tenant.ts";

const now = Date.now();
const dayMs = 86_400_000;
let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.drop());

test("what is over is swept, and nothing else", async () => {
  const pool = db.database.service;
  const by = operatorActor(now);
  const tenantId = await createTenant(pool, by, "Café");
  const person = { tenantId, email: "ana@example.com", role: "owner", storeIds: [] } as const;
  const { userId } = await createPerson(pool, by, { ...person, password: null });
  const session = { userId, tenantId, createdAt: now };
  await createSession(pool, { ...session, expiresAt: now + 9 * dayMs });
  await createSession(pool, { ...session, expiresAt: now + 9 * dayMs, idleLimitMs: dayMs });
  await createSession(pool, { ...session, expiresAt: now + dayMs });
  await countSignIn(pool, { address: "192.0.2.1", email: "a", freeTries: 5, at: now });
  await pool.query(
    `insert into audit_event (at, actor_kind, actor, action, subject)
     values (now() - interval '2558 days', 'system', '', 'old', '')`,
  );
  const left = async () => {
    const { rows } = await pool.query<Record<string, number>>(
      `select
         (select count(*)::int from session) as sessions,
         (select count(*)::int from sign_in_link) as links,
         (select count(*)::int from sign_in_delay) as delays,
         (select count(*)::int from audit_event) as events`,
    );
    return rows[0];
  };
  expect(await left()).toEqual({ sessions: 3, links: 1, delays: 3, events: 3 });
  await sweepAccounts(pool, now);
  expect(await left()).toEqual({ sessions: 3, links: 1, delays: 3, events: 2 });
  await sweepAccounts(pool, now + 3 * dayMs);
  expect(await left()).toEqual({ sessions: 1, links: 0, delays: 0, events: 2 });
});
