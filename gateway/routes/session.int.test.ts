import { makeToken } from "@tillcast/accounts";
import type { Me } from "@tillcast/schemas";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type GatewayHarness, harnessNow, openGatewayHarness } from "../testing/harness.ts";
import { addTenant, addUser } from "../testing/people.ts";

const own = { origin: "http://localhost:80", host: "localhost:80" };
const password = "correct horse battery";

describe("signing in", () => {
  let harness: GatewayHarness;
  let tenantId: string;
  let email: string;

  beforeAll(async () => {
    harness = await openGatewayHarness();
    tenantId = await addTenant(harness.test.database.service, { name: "Pizzeria" });
    ({ email } = await addUser(harness.test.database.service, {
      tenantId,
      role: "owner",
      password,
    }));
  });
  afterAll(() => harness.close());

  const post = (url: string, payload: object, headers: Record<string, string> = own) =>
    harness.http.inject({ method: "POST", url, payload, headers });
  const me = (cookie: string) => harness.http.inject({ url: "/v1/me", headers: { cookie } });
  const cookieOf = (answer: { headers: Record<string, unknown> }) =>
    String(answer.headers["set-cookie"]).split(";")[0] ?? "";

  async function addLink(expiresAt = harnessNow + 60_000): Promise<string> {
    const user = await addUser(harness.test.database.service, { tenantId, role: "viewer" });
    return linkOf(user.userId, { expiresAt });
  }

  async function linkOf(
    userId: string,
    { expiresAt = harnessNow + 60_000, purpose = "invite" } = {},
  ): Promise<string> {
    const { token, hash } = makeToken();
    await harness.test.database.service.query(
      `insert into sign_in_link (token_hash, user_id, tenant_id, expires_at, purpose)
       values ($1, $2, $3, $4, $5)`,
      [hash, userId, tenantId, new Date(expiresAt), purpose],
    );
    return token;
  }

  test("opens a session whose cookie scripts and other sites never see", async () => {
    const answer = await post("/v1/session", { email: email.toUpperCase(), password });
    expect(answer.statusCode).toBe(204);
    const header = String(answer.headers["set-cookie"]);
    expect(header).toMatch(/HttpOnly/);
    expect(header).toMatch(/SameSite=Strict/);
    expect(header).not.toMatch(/Secure/);
    expect((await me(cookieOf(answer))).json<Me>()).toMatchObject({
      email,
      role: "owner",
      tenantName: "Pizzeria",
      mustSetPassword: false,
    });
  });

  test("answers an unknown email and a wrong password alike", async () => {
    const problems = [];
    for (const body of [
      { email, password: "wrong" },
      { email: "nobody@example.com", password },
    ]) {
      const answer = await post("/v1/session", body);
      expect(answer.statusCode).toBe(401);
      expect(answer.headers["set-cookie"]).toBeUndefined();
      const { requestId: _, ...problem } = answer.json();
      problems.push(problem);
    }
    expect(problems[0]).toEqual(problems[1]);
  });

  test("a person without a password cannot sign in with one", async () => {
    const user = await addUser(harness.test.database.service, { tenantId, role: "viewer" });
    expect((await post("/v1/session", { email: user.email, password: "" })).statusCode).toBe(401);
  });

  test("a link works once, and may set the password", async () => {
    const token = await addLink();
    const first = await post("/v1/session/link", { token, password });
    expect(first.statusCode).toBe(204);
    const { email: theirs } = (await me(cookieOf(first))).json<Me>();
    expect((await post("/v1/session/link", { token, password })).statusCode).toBe(401);
    expect((await post("/v1/session", { email: theirs, password })).statusCode).toBe(204);
  });

  test("an older link takes no account over, whose password was set by a newer one", async () => {
    const user = await addUser(harness.test.database.service, { tenantId, role: "viewer" });
    const [older, newer] = [await linkOf(user.userId), await linkOf(user.userId)];
    expect((await post("/v1/session/link", { token: newer, password })).statusCode).toBe(204);
    const attack = { token: older, password: "another password" };
    expect((await post("/v1/session/link", attack)).statusCode).toBe(401);
    const { email: theirs } = user;
    expect((await post("/v1/session", { email: theirs, password })).statusCode).toBe(204);
    // Nor one that invites, should it be made after the password was.
    const late = { ...attack, token: await linkOf(user.userId) };
    expect((await post("/v1/session/link", late)).statusCode).toBe(401);
    const reset = { ...attack, token: await linkOf(user.userId, { purpose: "reset" }) };
    expect((await post("/v1/session/link", reset)).statusCode).toBe(204);
  });

  test("a link without a password signs in and asks for one later", async () => {
    const answer = await post("/v1/session/link", { token: await addLink() });
    expect((await me(cookieOf(answer))).json<Me>().mustSetPassword).toBe(true);
  });

  test("a link expires, and is not used up by a password that is too short", async () => {
    const expired = await addLink(harnessNow - 1);
    expect((await post("/v1/session/link", { token: expired })).statusCode).toBe(401);
    const token = await addLink();
    const short = await post("/v1/session/link", { token, password: "short" });
    expect([short.statusCode, short.json().field]).toEqual([422, "body.password"]);
    expect((await post("/v1/session/link", { token })).statusCode).toBe(204);
  });

  test("signing out ends the session at once", async () => {
    const cookie = cookieOf(await post("/v1/session", { email, password }));
    const out = await harness.http.inject({
      method: "DELETE",
      url: "/v1/session",
      headers: { ...own, cookie },
    });
    expect(out.statusCode).toBe(204);
    expect(String(out.headers["set-cookie"])).toMatch(/tillcast_session=;/);
    expect((await me(cookie)).statusCode).toBe(401);
  });

  test("another site's page can neither sign in nor use a cookie", async () => {
    const foreign = { ...own, origin: "https://evil.example" };
    expect((await post("/v1/session", { email, password }, foreign)).statusCode).toBe(403);
    const cookie = cookieOf(await post("/v1/session", { email, password }));
    for (const headers of [
      { ...foreign, cookie },
      { host: own.host, cookie },
    ]) {
      const answer = await post("/v1/jobs", { kind: "train" }, headers);
      expect([answer.statusCode, answer.json().code]).toEqual([403, "forbidden"]);
    }
  });
});

describe("signing in that fails", () => {
  const tries = 2;
  let harness: GatewayHarness;
  let email: string;
  let network = 0;

  beforeAll(async () => {
    harness = await openGatewayHarness({ env: { TILLCAST_SIGN_IN_TRIES: String(tries) } });
    const { service } = harness.test.database;
    const tenantId = await addTenant(service);
    ({ email } = await addUser(service, { tenantId, role: "owner", password }));
  });
  afterAll(() => harness.close());
  beforeEach(() => {
    network += 1;
    harness.clock.set(harnessNow + network * 2 * 86_400_000);
  });

  const signIn = (
    body: { email?: string; password?: string },
    { from = `192.0.2.${network}`, cookie = "", gateway = harness } = {},
  ) =>
    gateway.http.inject({
      method: "POST",
      url: "/v1/session",
      payload: { email, password, ...body },
      remoteAddress: from,
      headers: { ...own, cookie },
    });
  async function failTimes(count: number, options: Parameters<typeof signIn>[1] = {}) {
    for (let one = 0; one < count; one += 1) {
      await signIn({ password: "a wrong guess" }, options);
    }
  }

  test("makes the next attempt wait, twice as long each time, and the right password end it", async () => {
    await failTimes(tries);
    expect((await signIn({ password: "a wrong guess" })).statusCode).toBe(401);
    const early = await signIn({});
    expect([early.statusCode, early.json().code]).toEqual([429, "tooManyRequests"]);
    expect(early.headers["retry-after"]).toBe("1");
    harness.clock.advance(1_000);
    expect((await signIn({ password: "a wrong guess" })).statusCode).toBe(401);
    expect((await signIn({})).headers["retry-after"]).toBe("2");
    harness.clock.advance(2_000);
    expect((await signIn({})).statusCode).toBe(204);
    await failTimes(tries);
    expect((await signIn({})).statusCode).toBe(204);
  });

  test("keeps nobody else out: from another network the right password opens", async () => {
    await failTimes(tries + 1);
    expect((await signIn({})).statusCode).toBe(429);
    expect((await signIn({}, { from: "198.51.100.1" })).statusCode).toBe(204);
  });

  test("keeps a browser in that the person has signed in with before", async () => {
    const cookies = [(await signIn({})).headers["set-cookie"]].flat().map(String);
    const browser = cookies.find((one) => one.startsWith("tillcast_browser=")) ?? "";
    expect(browser).toMatch(/HttpOnly/);
    const cookie = browser.split(";")[0] ?? "";
    // Somebody behind the same address tries one password after the other.
    await failTimes(tries + 1);
    expect((await signIn({})).statusCode).toBe(429);
    expect((await signIn({}, { cookie })).statusCode).toBe(204);
    // It is no free pass: its own failures make it wait, and another's email is not its own.
    await failTimes(tries + 1, { cookie });
    expect((await signIn({}, { cookie })).statusCode).toBe(429);
    const other = await signIn({ email: "nobody@example.com" }, { cookie });
    expect(other.statusCode).toBe(401);
  });

  test("from many networks makes unknown browsers wait for 30 s at most", async () => {
    for (let one = 0; one <= 10 * tries + 8; one += 1) {
      harness.clock.advance(31_000);
      await failTimes(1, { from: `203.0.113.${one}` });
    }
    const waits = await signIn({}, { from: "198.51.100.2" });
    expect(waits.statusCode).toBe(429);
    expect(waits.headers["retry-after"]).toBe("30");
    harness.clock.advance(30_000);
    expect((await signIn({}, { from: "198.51.100.2" })).statusCode).toBe(204);
  });

  test("is counted over processes, also many attempts at once, and forgotten after a day", async () => {
    const second = await openGatewayHarness({
      test: harness.test,
      env: { TILLCAST_SIGN_IN_TRIES: String(tries) },
    });
    second.clock.set(harness.clock.now());
    const guesses = Array.from({ length: 12 }, (_, index) =>
      signIn(
        { password: "a wrong guess", email: `p${index % 2}@example.com` },
        { gateway: index % 3 === 0 ? second : harness },
      ),
    );
    const codes = (await Promise.all(guesses)).map((answer) => answer.statusCode);
    expect(codes.filter((code) => code === 401)).toHaveLength(2 * (tries + 1));
    await second.gateway.stop();
    harness.clock.advance(86_400_001);
    const answer = await signIn({ password: "a wrong guess", email: "p0@example.com" });
    expect(answer.statusCode).toBe(401);
  });
});
