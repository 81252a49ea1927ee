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

test("tokens differ, and are looked up by their hash", () => {
  const [one, two] = [makeToken(), makeToken()];
  expect(one.token).not.toBe(two.token);
  expect(one.token).toHaveLength(43);
  expect(hashToken(one.token)).toEqual(one.hash);
});
