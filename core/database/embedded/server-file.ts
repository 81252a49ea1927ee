import { randomUUID } from "node:crypto";
import { readFile, rename, rm, writeFile } from "node:fs/promises";
import { isAlive, ownIdentity, type ProcessIdentity } from "../../process-identity.ts";

/** One process that relies on the server. */
export interface ServerUser extends ProcessIdentity {
  /** One process may rely on it several times. */
  readonly id: string;
}

/** What `server.json` says about the running server. */
export interface ServerFile {
  /** The owner's connection address, with its password; hence mode 600. */
  readonly url: string;
  /** The process that started or adopted the server. */
  readonly pid: number;
  readonly users: readonly ServerUser[];
}

/** Reads the file, without users that have died. */
export async function readServerFile(path: string): Promise<ServerFile | undefined> {
  try {
    const file = JSON.parse(await readFile(path, "utf8")) as ServerFile;
    return { ...file, users: file.users.filter(isAlive) };
  } catch {
    return undefined;
  }
}

/** Writes the file whole; readers see the former or the new one. */
export async function writeServerFile(path: string, file: ServerFile): Promise<void> {
  const draft = `${path}.${randomUUID()}`;
  await writeFile(draft, `${JSON.stringify(file, null, 2)}\n`, { mode: 0o600 });
  await rename(draft, path);
}

/** Removes the file once no server runs. */
export async function removeServerFile(path: string): Promise<void> {
  await rm(path, { force: true });
}

/** Names this process as a user. */
export function newUser(): ServerUser {
  return { ...ownIdentity(), id: randomUUID() };
}
