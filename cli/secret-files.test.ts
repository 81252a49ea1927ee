import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { loadSecretFiles, secretSettings } from "./secret-files.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "tillcast-secrets-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const fileOf = (text: string): string => {
  const path = join(folder, String(text.length));
  writeFileSync(path, text);
  return path;
};

test("a secret comes from its file, without the line's end", () => {
  const env = { TILLCAST_SECRET_KEY_FILE: fileOf("abc\n"), DATABASE_URL: "postgres://here" };
  loadSecretFiles(env);
  expect(env).toMatchObject({ TILLCAST_SECRET_KEY: "abc", DATABASE_URL: "postgres://here" });
});

test("what is wrong with several files is told together, by their settings", () => {
  const env = {
    DATABASE_URL_FILE: join(folder, "none"),
    KAFKA_SASL_PASSWORD_FILE: fileOf(" \n"),
    TILLCAST_MAIL_URL_FILE: fileOf("smtp://mail"),
    TILLCAST_MAIL_URL: "smtp://other",
  };
  expect(() => loadSecretFiles(env)).toThrow(
    /DATABASE_URL_FILE: .*none cannot be read \(ENOENT\); KAFKA_SASL_PASSWORD_FILE: .* is empty; TILLCAST_MAIL_URL and TILLCAST_MAIL_URL_FILE are both set/,
  );
});

test("every secret setting is one, and none is forgotten", () => {
  const example = readFileSync(new URL("../.env.example", import.meta.url), "utf8");
  const names = [...example.matchAll(/^(?:# )?([A-Z][A-Z0-9_]*)=/gm)].map(([, name]) => name ?? "");
  const isSecret = (name: string): boolean => /PASSWORD|SECRET|HEADERS|_URL$/.test(name);
  // An address without a password in it.
  const found = names.filter((name) => isSecret(name) && name !== "SCHEMA_REGISTRY_URL");
  expect(found.sort()).toEqual([...secretSettings].sort());
});
