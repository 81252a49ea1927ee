import { randomUUID } from "node:crypto";
import { makeManualClock, operatorActor } from "@tillcast/core";
import { createTestDatabase, type TestDatabase } from "@tillcast/core/testing";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { actorOf } from "../access/actor-of.ts";
import { makeAuthenticate } from "../access/authenticate.ts";
import type { Role } from "../access/principal.ts";
import { listAudit } from "../audit/list-audit.ts";
import { makeKey, rotateKey } from "../keys/manage-keys.ts";
import { createTenant, setTenantDisabled } from "../tenants/change-tenant.ts";
import { changePerson, inviteAgain, removePerson, setPersonDisabled } from "./change-person.ts";
import { createPerson } from "./create-person.ts";
import { endSessions, listSessions } from "./manage-sessions.ts";
import { type SessionTerms, signIn, signInByLink } from "./sign-in.ts";

const now = Date.now();
const hourMs = 3_600_000;
const by = operatorActor(now);
const terms: SessionTerms = {
  lifeMs: 24 * hourMs,
  idleLimitMs: hourMs,
  browser: "a browser",
  freeTries: 1_000,
};
const password = { text: "correct horse battery", field: "password" };

let db: TestDatabase;
let tenantId: string;
const clock = makeManualClock(now);
const pool = () => db.database.service;
const authenticated = (token: string) =>
  makeAuthenticate({ database: db.database, clock })({
    headers: { cookie: `tillcast_session=${token}` },
  });

beforeAll(async () => {
  db = await createTestDatabase();
  tenantId = await createTenant(pool(), by, "Trattoria Aurora");
});
afterAll(() => db.drop());

async function addPerson(role: Role, of = tenantId) {
  const email = `${role}-${randomUUID()}@example.com`;
  const { userId } = await createPerson(pool(), by, {
    tenantId: of,
    email,
    role,
    storeIds: [],
    password,
  });
  return { userId, email };
}
const signedIn = ({ email }: { email: string }) =>
  signIn(pool(), by, { email, password: password.text }, terms);

describe("people", () => {
  test("who are disabled are out at once, and in again once they are enabled", async () => {
    const person = await addPerson("viewer");
    const { token } = await signedIn(person);
    expect(await authenticated(token)).toBeDefined();
    await setPersonDisabled(pool(), by, { userId: person.userId, isDisabled: true });
    expect(await authenticated(token)).toBeUndefined();
    await expect(signedIn(person)).rejects.toThrow("this account is disabled");
    await setPersonDisabled(pool(), by, { userId: person.userId, isDisabled: false });
    expect((await signedIn(person)).userId).toBe(person.userId);
  });

  test("of a disabled tenant are refused by name, and so is its key; another's are not", async () => {
    const theirs = await createTenant(pool(), by, "Closed");
    const person = await addPerson("owner", theirs);
    const other = await addPerson("viewer");
    const { token } = await signedIn(person);
    const { key } = await makeKey(pool(), by, { tenantId: theirs, scopes: ["sales:read"] });
    await setTenantDisabled(pool(), by, { tenantId: theirs, isDisabled: true });
    const reason = "this tenant is disabled";
    await expect(authenticated(token)).rejects.toThrow(reason);
    await expect(signedIn(person)).rejects.toThrow(reason);
    const byKey = makeAuthenticate({ database: db.database, clock })({
      headers: { authorization: `Bearer ${key}` },
    });
    await expect(byKey).rejects.toThrow(reason);
    // Whoever does not know the password learns nothing about the tenant.
    const guess = signIn(pool(), by, { email: person.email, password: "a wrong guess" }, terms);
    await expect(guess).rejects.toMatchObject({ code: "unauthenticated" });
    expect((await signedIn(other)).userId).toBe(other.userId);
    await setTenantDisabled(pool(), by, { tenantId: theirs, isDisabled: false });
    expect(await authenticated(token)).toBeDefined();
  });

  test("who are the last owner stay, whatever is asked, until there is another", async () => {
    const theirs = await createTenant(pool(), by, "One owner");
    const { userId } = await addPerson("owner", theirs);
    const last = { code: "conflict", message: expect.stringContaining("last owner") };
    await expect(removePerson(pool(), by, userId)).rejects.toMatchObject(last);
    const disabled = setPersonDisabled(pool(), by, { userId, isDisabled: true });
    await expect(disabled).rejects.toMatchObject(last);
    const viewer = changePerson(pool(), by, { userId, change: { role: "viewer" } });
    await expect(viewer).rejects.toMatchObject(last);
    await addPerson("owner", theirs);
    await removePerson(pool(), by, userId);
  });

  test("a new link ends the older one, sets a new password, and ends what was open", async () => {
    const person = await addPerson("viewer");
    const { token } = await signedIn(person);
    const [older, newer] = [
      await inviteAgain(pool(), by, person.userId),
      await inviteAgain(pool(), by, person.userId),
    ];
    const chosen = "violet tractor ledger";
    const redeem = (link: string, text = chosen) =>
      signInByLink(pool(), by, { token: link, password: text }, terms);
    await expect(redeem(older)).rejects.toMatchObject({ code: "unauthenticated" });
    await expect(redeem(newer, "TrattoriaAurora1")).rejects.toMatchObject({
      code: "validationFailed",
      fields: { field: "body.password" },
    });
    await redeem(newer);
    expect(await authenticated(token)).toBeUndefined();
    await expect(signedIn(person)).rejects.toMatchObject({ code: "unauthenticated" });
  });

  test("only whoever runs the installation names its operators", async () => {
    const { userId } = await addPerson("operator");
    const owner = await addPerson("owner");
    const principal = await authenticated((await signedIn(owner)).token);
    const asOwner = actorOf(principal as never, { address: "::1", requestId: "r", at: now });
    const change = { runsInstallation: true };
    const refused = changePerson(pool(), asOwner, { userId, change });
    await expect(refused).rejects.toMatchObject({ code: "forbidden" });
    await changePerson(pool(), by, { userId, change });
    const runs = "select runs_installation as runs from app_user where user_id = $1";
    expect((await pool().query(runs, [userId])).rows).toEqual([{ runs: true }]);
    await changePerson(pool(), by, { userId, change: { role: "viewer" } });
    expect((await pool().query(runs, [userId])).rows).toEqual([{ runs: false }]);
  });

  test("of another tenant are as absent as ones that never were, to an owner", async () => {
    const { userId } = await addPerson("viewer", await createTenant(pool(), by, "Foreign"));
    const owner = { ...by, kind: "person", tenantId } as const;
    const absent = { code: "notFound" };
    await expect(removePerson(pool(), owner, userId)).rejects.toMatchObject(absent);
    await expect(endSessions(pool(), owner, userId)).rejects.toMatchObject(absent);
    await expect(inviteAgain(pool(), owner, userId)).rejects.toMatchObject(absent);
  });
});

describe("a session", () => {
  test("that is not used for too long is over, one that is used goes on", async () => {
    const person = await addPerson("viewer");
    const { token } = await signedIn(person);
    clock.set(now + 0.9 * hourMs);
    expect(await authenticated(token)).toBeDefined();
    clock.set(now + 1.8 * hourMs);
    expect(await authenticated(token)).toBeDefined();
    clock.set(now + 3 * hourMs);
    expect(await authenticated(token)).toBeUndefined();
    clock.set(now);
  });

  test("stays beside a new one, is shown with where it was opened, and can be ended", async () => {
    const person = await addPerson("viewer");
    const from = { ...by, address: "192.0.2.7" };
    await signIn(pool(), from, { email: person.email, password: password.text }, terms);
    const { token } = await signedIn(person);
    expect(await listSessions(pool(), person.userId, now)).toMatchObject([
      { address: expect.toBeOneOf([null, "192.0.2.7"]), browser: "a browser" },
      { browser: "a browser" },
    ]);
    expect(await endSessions(pool(), by, person.userId)).toBe(2);
    expect(await authenticated(token)).toBeUndefined();
  });
});

test("a key that was rotated ends when it was said to", async () => {
  const { keyId, key } = await makeKey(pool(), by, { tenantId, scopes: ["sales:read"] });
  const authenticate = makeAuthenticate({ database: db.database, clock });
  await rotateKey(pool(), by, { keyId, overlapMs: 0 });
  expect(await authenticate({ headers: { authorization: `Bearer ${key}` } })).toBeUndefined();
});

describe("the audit", () => {
  test("cannot be changed, and be deleted from only after seven years", async () => {
    const years = (count: number) => `now() - interval '${count} years'`;
    await pool().query(
      `insert into audit_event (at, actor_kind, actor, action, subject)
       values (${years(8)}, 'system', '', 'an old thing', ''), (${years(6)}, 'system', '', 'a newer thing', '')`,
    );
    const superuser = new pg.Client({ connectionString: db.superuserUrl });
    await superuser.connect();
    const changes = [
      "update tillcast.audit_event set actor = ''",
      "delete from tillcast.audit_event",
    ];
    for (const sql of changes) {
      await expect(pool().query(sql)).rejects.toThrow(/append-only|permission denied/);
      await expect(superuser.query(sql)).rejects.toThrow("audit_event is append-only");
    }
    await superuser.end();
    await pool().query("delete from audit_event where action = 'an old thing'");
    const left = await listAudit(pool(), { maxCount: 5, action: "a newer thing" });
    expect(left).toHaveLength(1);
  });

  test("keeps no word that a stranger typed, and knows the person of a failed sign-in", async () => {
    const person = await addPerson("viewer");
    for (const email of [person.email, "my-password-by-mistake"]) {
      await signIn(pool(), by, { email, password: "a wrong guess" }, terms).catch(() => undefined);
    }
    const events = await listAudit(pool(), { maxCount: 2, action: "sign-in failed" });
    expect(events).toMatchObject([
      { subject: expect.stringMatching(/^sha256:[0-9a-f]{16}$/), tenantId: null },
      { subject: person.userId, tenantId },
    ]);
  });
});
