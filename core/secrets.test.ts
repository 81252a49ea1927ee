import { randomBytes } from "node:crypto";
import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { loadSecretKey, openSecret, sealSecret } from "./secrets.ts";

const key = randomBytes(32);
const keys = { sealing: key, opening: [key] };

test("what is sealed opens again, in its own place only", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), fc.string(), (secret, context) => {
      const sealed = sealSecret(keys, secret, context);
      expect(openSecret(keys, sealed, context)).toBe(secret);
      expect(() => openSecret(keys, sealed, `${context}/other`)).toThrow("no key opens it");
    }),
  );
});

test("a changed byte, wherever it is, does not open", () => {
  const sealed = sealSecret(keys, "token", "connection/1");
  for (let index = 0; index < sealed.length; index += 1) {
    const altered = Buffer.from(sealed);
    altered.writeUInt8((altered[index] ?? 0) ^ 1, index);
    expect(() => openSecret(keys, altered, "connection/1")).toThrow("A sealed secret");
  }
});

test("a new key seals while the old one still opens", async () => {
  const old = randomBytes(32);
  const sealed = sealSecret({ sealing: old, opening: [old] }, "token", "c");
  const env = { TILLCAST_SECRET_KEY: `${key.toString("base64")}, ${old.toString("hex")}` };
  const both = await loadSecretKey({ dataDir: "/nowhere", env });
  expect(both.sealing).toEqual(key);
  expect(openSecret(both, sealed, "c")).toBe("token");
});

test("without a setting one key is made, kept, and readable by its owner only", async () => {
  const dataDir = await mkdtemp(join(tmpdir(), "tillcast-secrets-"));
  try {
    const [first, second] = await Promise.all([
      loadSecretKey({ dataDir, env: {} }),
      loadSecretKey({ dataDir, env: {} }),
    ]);
    expect(first.sealing).toEqual(second.sealing);
    expect((await stat(join(dataDir, "secret-key"))).mode & 0o777).toBe(0o600);
  } finally {
    await rm(dataDir, { recursive: true });
  }
});

test("a key of the wrong size, or none beside a foreign database, is refused by name", async () => {
  const load = (env: Record<string, string>) => loadSecretKey({ dataDir: "/nowhere", env });
  await expect(load({ TILLCAST_SECRET_KEY: "abc" })).rejects.toThrow(
    /TILLCAST_SECRET_KEY.*32 bytes/,
  );
  await expect(load({ DATABASE_URL: "postgres://x" })).rejects.toThrow(
    /required with DATABASE_URL/,
  );
});
