import { randomUUID } from "node:crypto";
import { readFile, rename, rm, writeFile } from "node:fs/promises";
import { isAlive, ownIdentity, type ProcessIdentity } from "../../process-identity.ts";

/** One process that uses the server. */
export interface ServerUser extends ProcessIdentity {
  /** Distinguishes several uses by one process. */
  readonly id: string;
}

/** The content of `server.json`. */
export interface ServerFile {
  /** The owner's address with its password, which is why the file has mode 600. */
  readonly url: string;
  /** The process that started or adopted the server. */
  readonly pid: number;
  readonly users: readonly ServerUser[];
}

/** Reads the file, without dead users. */
export async function readServerFile(path: string): Promise<ServerFile | undefined> {
  try {
    const file = JSON.parse(await readFile(path, "utf8")) as ServerFile;
    return { ...file, users: file.users.filter(isAlive) };
  } catch {
    return undefined;
  }
}

/** Replaces the file atomically. */
export async function writeServerFile(path: string, file: ServerFile): Promise<void> {
  const draft = `${path}.${randomUUID()}`;
  await writeFile(draft, `${JSON.stringify(file, null, 2)}\n`, { mode: 0o600 });
  await rename(draft, path);
}

/** Removes the file when no server runs. */
export async function removeServerFile(path: string): Promise<void> {
  await rm(path, { force: true });
}

/** Identifies this process as a user. */
export function newUser(): ServerUser {
  return { ...ownIdentity(), id: randomUUID() };
}
