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
/** How long the marker of a dead holder's removed lock is kept. */
const markerKeptMs = 10_000;

/**
 * Runs `work` while this process holds the lock file. No other process can hold it meanwhile. The lock of a dead
 * holder is taken over at once.
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
  // Linking a complete file is atomic, so no process reads a half-written lock.
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

/** Writes a file and syncs it to disk, so that a power cut after the link leaves no empty lock. */
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
 * Removes an unreadable lock. Locks are linked when they are complete, so an unreadable one was damaged, for example by
 * a power cut, and its holder is dead. A lock that was just released is not removed.
 */
async function removeDamaged(path: string): Promise<void> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined || (await readHolder(path)) !== undefined) return;
  // The marker links to the same file, so no other file gets its inode number.
  await removeDead(path, `damaged-${found.ino}`);
}

/**
 * Removes the lock of a dead holder. Only one process may do it; otherwise a second one would remove the first one's
 * new lock. That process is the one that links the lock to a marker, whose name contains the dead holder's token.
 */
async function removeDead(path: string, token: string): Promise<void> {
  const marker = `${path}.dead.${token}`;
  const isOurs = await linked(path, marker);
  if (isOurs) await rm(path, { force: true });
  await removeOldMarkers(path);
  if (!isOurs) await pause(pollMs);
}

/** Removes old markers. By then no process still acts on the removed lock. */
async function removeOldMarkers(path: string): Promise<void> {
  const names = await readdir(dirname(path));
  for (const name of names.filter((name) => name.startsWith(`${basename(path)}.dead.`))) {
    const marker = join(dirname(path), name);
    const found = await stat(marker).catch(() => undefined);
    if (found !== undefined && Date.now() - found.ctimeMs > markerKeptMs) {
      await rm(marker, { force: true });
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
