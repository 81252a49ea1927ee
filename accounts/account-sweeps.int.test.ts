import { operatorActor } from "@tillcast/core";
import { createTestDatabase, type TestDatabase } from "@tillcast/core/testing";
import { sweepTable } from "@tillcast/core/work";
import { afterAll, beforeAll, expect, test } from "vitest";
import { accountSweeps } from "./account-sweeps.ts";
import { createPerson } from "./people/create-person.ts";
import { createSession } from "./people/sessions.ts";
import { countSignIn } from "./people/sign-in-delays.ts";
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
     values (now() - interval '2559 days', 'system', '', 'old', '')`,
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
  const sweep = async () => {
    for (const one of accountSweeps) await sweepTable(pool, one, new AbortController().signal);
  };
  await sweep();
  expect(await left()).toEqual({ sessions: 3, links: 1, delays: 3, events: 2 });
  // Nine days later.
  await pool.query(
    `update session set expires_at = expires_at - interval '9 days',
       last_seen_at = last_seen_at - interval '9 days'`,
  );
  await pool.query("update sign_in_link set expires_at = expires_at - interval '9 days'");
  await pool.query("update sign_in_delay set failed_at = failed_at - interval '9 days'");
  await sweep();
  expect(await left()).toEqual({ sessions: 1, links: 0, delays: 0, events: 2 });
});
