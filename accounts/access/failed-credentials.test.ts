import { expect, test } from "vitest";
import type { Authenticate } from "./authenticate.ts";
import { limitFailedCredentials } from "./failed-credentials.ts";
import type { Principal } from "./principal.ts";

const principal: Principal = { kind: "key", tenantId: "t", scopes: [], storeIds: null };
const shows = (key: string, ip?: string) => ({
  headers: { authorization: `Bearer ${key}` },
  ...(ip === undefined ? {} : { ip }),
});

function counting(perMinute: number, nowMs: () => number) {
  let lookUps = 0;
  const good = new Set(["good", "new"]);
  const find: Authenticate = async ({ headers }) => {
    lookUps += 1;
    return good.has(headers.authorization?.slice(7) ?? "") ? principal : undefined;
  };
  return {
    ask: limitFailedCredentials(find, perMinute, nowMs),
    lookUps: () => lookUps,
    revoke: (key: string) => good.delete(key),
  };
}

test("2,000 made-up keys of one address are looked up as often as the limit says", async () => {
  let nowMs = 0;
  const { ask, lookUps } = counting(60, () => nowMs);
  const answers = [];
  for (let key = 0; key < 2_000; key += 1)
    answers.push(await ask(shows(`${key}`, "10.0.0.1")).catch((error: unknown) => error));
  expect(lookUps()).toBe(60);
  expect(answers.at(-1)).toMatchObject({
    code: "tooManyRequests",
    fields: { retryAfterSeconds: 1 },
  });
  expect(await ask(shows("made-up", "10.0.0.2"))).toBeUndefined();
  nowMs = 2_000;
  expect(await ask(shows("made-up", "10.0.0.1"))).toBeUndefined();
});

test("behind an address that has used its failures up, a key that was good still works", async () => {
  const { ask, revoke } = counting(3, () => 0);
  expect(await ask(shows("good", "10.0.0.1"))).toBe(principal);
  for (let key = 0; key < 3; key += 1) await ask(shows(`${key}`, "10.0.0.1"));
  expect(await ask(shows("good", "10.0.0.1"))).toBe(principal);
  await expect(ask(shows("new", "10.0.0.1"))).rejects.toMatchObject({ code: "tooManyRequests" });
  expect(await ask(shows("new", "10.0.0.2"))).toBe(principal);
  revoke("good");
  expect(await ask(shows("good", "10.0.0.1"))).toBeUndefined();
  await expect(ask(shows("good", "10.0.0.1"))).rejects.toMatchObject({ code: "tooManyRequests" });
});

test("a caller without credentials, and a socket that is checked again, count as no failure", async () => {
  const { ask, lookUps } = counting(1, () => 0);
  for (let time = 0; time < 5; time += 1) {
    expect(await ask({ headers: {}, ip: "10.0.0.1" })).toBeUndefined();
    expect(await ask(shows("revoked"))).toBeUndefined();
  }
  expect(lookUps()).toBe(10);
  expect(await ask(shows("made-up", "10.0.0.1"))).toBeUndefined();
});
