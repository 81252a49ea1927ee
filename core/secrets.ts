import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { appError } from "./errors.ts";

/** Keys. The first one encrypts and all of them decrypt, so that a key can be changed. */
export interface SecretKeys {
  readonly sealing: Buffer;
  readonly opening: readonly Buffer[];
}

const keyBytes = 32;
const nonceBytes = 12;
const tagBytes = 16;
const formatVersion = 1;

/**
 * Encrypts with AES-256-GCM. The context, such as `connection/<id>`, is authenticated: a value that is copied to another
 * row cannot be decrypted there.
 */
export function sealSecret(keys: SecretKeys, plaintext: string, context: string): Buffer {
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv("aes-256-gcm", keys.sealing, nonce).setAAD(Buffer.from(context));
  const sealed = Buffer.concat([cipher.update(plaintext, "utf8"), cipher.final()]);
  return Buffer.concat([Buffer.of(formatVersion), nonce, cipher.getAuthTag(), sealed]);
}

/** Decrypts a value of `sealSecret` with one of the keys and the same context. */
export function openSecret(keys: SecretKeys, sealed: Buffer, context: string): string {
  if (sealed[0] !== formatVersion || sealed.length < 1 + nonceBytes + tagBytes) {
    throw appError("undecodable", { what: "A sealed secret", reason: "it has an unknown format" });
  }
  const nonce = sealed.subarray(1, 1 + nonceBytes);
  const tag = sealed.subarray(1 + nonceBytes, 1 + nonceBytes + tagBytes);
  const body = sealed.subarray(1 + nonceBytes + tagBytes);
  for (const key of keys.opening) {
    try {
      const decipher = createDecipheriv("aes-256-gcm", key, nonce, { authTagLength: tagBytes });
      decipher.setAAD(Buffer.from(context)).setAuthTag(tag);
      return Buffer.concat([decipher.update(body), decipher.final()]).toString("utf8");
    } catch {
      // The value was encrypted with another key, or changed. The next key decides.
    }
  }
  const reason = "no key opens it in this place";
  throw appError("undecodable", { what: "A sealed secret", reason });
}

export interface SecretKeyOptions {
  readonly dataDir: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/**
 * Reads `TILLCAST_SECRET_KEY`: 32 bytes in base64 or hexadecimal, or several keys separated by commas while a key is
 * being changed. Without it, a key is created once in the data directory with mode 600. With an external database the
 * setting is required, because that database outlives the directory.
 */
export async function loadSecretKey(options: SecretKeyOptions): Promise<SecretKeys> {
  const given = options.env.TILLCAST_SECRET_KEY?.trim() ?? "";
  if (given !== "") return parseKeys(given);
  if ((options.env.DATABASE_URL?.trim() ?? "") !== "") {
    throw appError("configInvalid", {
      faults: "TILLCAST_SECRET_KEY is required with DATABASE_URL",
    });
  }
  const path = join(options.dataDir, "secret-key");
  return parseKeys(await keptKey(path), `${path} was made by the first start and is damaged`);
}

async function keptKey(path: string): Promise<string> {
  await mkdir(dirname(path), { recursive: true });
  const made = randomBytes(keyBytes).toString("base64url");
  // The file is created exclusively: if two processes start, one writes and both read.
  await writeFile(path, `${made}\n`, { mode: 0o600, flag: "wx" }).catch((error) => {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  });
  return (await readFile(path, "utf8")).trim();
}

function parseKeys(text: string, where = "TILLCAST_SECRET_KEY"): SecretKeys {
  const keys = text.split(",").map((part) => {
    const encoding = /^[0-9a-f]{64}$/i.test(part.trim()) ? "hex" : "base64";
    const key = Buffer.from(part.trim(), encoding);
    if (key.length === keyBytes) return key;
    throw appError("configInvalid", {
      faults: `${where}: each key must be ${keyBytes} bytes in base64 or hexadecimal`,
    });
  });
  return { sealing: keys[0] as Buffer, opening: keys };
}
