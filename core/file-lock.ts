import { randomUUID } from "node:crypto";
import { link, open, readdir, readFile, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { isAlive, ownIdentity, type ProcessIdentity } from "./process-identity.ts";

export interface FileLockOptions {
  /** How long to wait for the present holder. */
  readonly timeoutMs: number;
}

interface Holder extends ProcessIdentity {
  readonly token: string;
}

const pollMs = 25;
/** How long it stays known that a dead holder's lock was removed. */
const graveKeptMs = 10_000;

/**
 * Runs `work` while this process alone holds the lock file, also against other processes.
 * The lock of a holder that has died is taken over at once.
 */
export async function withFileLock<Result>(
  path: string,
  options: FileLockOptions,
  work: () => Promise<Result>,
): Promise<Result> {
  const holder = { ...ownIdentity(), token: randomUUID() };
  await acquire(path, holder, options.timeoutMs);
  try {
    return await work();
  } finally {
    await rm(path, { force: true });
  }
}

async function acquire(path: string, holder: Holder, timeoutMs: number): Promise<void> {
  // Linking a finished file is atomic: nobody ever reads a lock that is half written.
  const draft = `${path}.${holder.token}`;
  await writeSynced(draft, JSON.stringify(holder));
  try {
    const deadlineMs = performance.now() + timeoutMs;
    while (!(await linked(draft, path))) {
      const present = await readHolder(path);
      if (present !== undefined && !isAlive(present)) await removeDead(path, present.token);
      else if (present === undefined) await removeDamaged(path);
      else if (performance.now() > deadlineMs) {
        throw new Error(`${path} is held by process ${present?.pid ?? "unknown"} for too long`);
      } else await pause(pollMs);
    }
  } finally {
    await rm(draft, { force: true });
  }
}

/** Writes a file whole and onto the disk, so that a power cut after the link leaves no empty lock. */
async function writeSynced(path: string, text: string): Promise<void> {
  const file = await open(path, "w", 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}

/**
 * Removes a lock that names nobody. Locks are linked when they are whole, so that an unreadable one was
 * damaged, as by a power cut; its holder is gone with the power. A lock that was just released is none.
 */
async function removeDamaged(path: string): Promise<void> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined || (await readHolder(path)) !== undefined) return;
  // The grave keeps the file's number from being given to another. Its times change with every link.
  await removeDead(path, `damaged-${found.ino}`);
}

/**
 * Of all that see the same dead holder exactly one may remove its lock, else the second would remove
 * the first one's new lock: whoever links the lock to a name made of the dead one's token is the one.
 */
async function removeDead(path: string, token: string): Promise<void> {
  const grave = `${path}.dead.${token}`;
  const isOurs = await linked(path, grave);
  if (isOurs) await rm(path, { force: true });
  await removeOldGraves(path);
  if (!isOurs) await pause(pollMs);
}

/** By then nobody acts any more on having seen that dead one's lock, or its remover died too. */
async function removeOldGraves(path: string): Promise<void> {
  const names = await readdir(dirname(path));
  for (const name of names.filter((name) => name.startsWith(`${basename(path)}.dead.`))) {
    const grave = join(dirname(path), name);
    const buried = await stat(grave).catch(() => undefined);
    if (buried !== undefined && Date.now() - buried.ctimeMs > graveKeptMs) {
      await rm(grave, { force: true });
    }
  }
}

async function linked(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === "EEXIST" || code === "ENOENT") return false;
    throw error;
  }
}

async function readHolder(path: string): Promise<Holder | undefined> {
  try {
    return JSON.parse(await readFile(path, "utf8")) as Holder;
  } catch {
    return undefined;
  }
}
