import { makeToken } from "@tillcast/accounts";
import type { Me } from "@tillcast/schemas";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
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

  test("an address that tries too often has to wait", async () => {
    const strict = await openGatewayHarness({ env: { TILLCAST_SIGN_IN_PER_MINUTE: "6" } });
    try {
      const answers = [];
      for (let tries = 0; tries < 8; tries += 1) {
        const answer = await strict.http.inject({
          method: "POST",
          url: "/v1/session",
          payload: { email: `p${tries}@example.com`, password: "wrong" },
        });
        answers.push(answer);
      }
      expect(answers.map((answer) => answer.statusCode)).toEqual([
        401, 401, 401, 401, 401, 401, 429, 429,
      ]);
      expect(Number(answers.at(-1)?.headers["retry-after"])).toBeGreaterThan(0);
    } finally {
      await strict.close();
    }
  });
});
