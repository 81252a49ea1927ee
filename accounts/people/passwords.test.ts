import { expect, test } from "vitest";
import { hashPassword, verifyPassword } from "./passwords.ts";
import { hashToken, makeToken } from "./tokens.ts";

test("a password is known by its argon2id hash, and no other is", async () => {
  const stored = await hashPassword("correct horse");
  expect(stored).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  expect(await verifyPassword(stored, "correct horse")).toBe(true);
  expect(await verifyPassword(stored, "Correct horse")).toBe(false);
  expect(await hashPassword("correct horse")).not.toBe(stored);
});

test("a person without a password costs the same time and is refused", async () => {
  expect(await verifyPassword(undefined, "no password opens this")).toBe(false);
  expect(await verifyPassword(null, "")).toBe(false);
});

test("a flood of passwords is refused beyond a short queue, and the next one is looked at", async () => {
  const stored = await hashPassword("correct horse");
  const flood = Array.from({ length: 80 }, () => verifyPassword(stored, "a guess"));
  const outcomes = await Promise.allSettled(flood);
  const refused = outcomes.filter((one) => one.status === "rejected");
  expect(refused).toHaveLength(18);
  for (const one of refused) {
    expect(one.reason).toMatchObject({ code: "overloaded", fields: { retryAfterSeconds: 1 } });
  }
  expect(await verifyPassword(stored, "correct horse")).toBe(true);
}, 30_000);

test("tokens differ, and are looked up by their hash", () => {
  const [one, two] = [makeToken(), makeToken()];
  expect(one.token).not.toBe(two.token);
  expect(one.token).toHaveLength(43);
  expect(hashToken(one.token)).toEqual(one.hash);
});
