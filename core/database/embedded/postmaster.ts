import { execFileSync, spawn } from "node:child_process";
import { closeSync, openSync, readFileSync, readlinkSync, realpathSync } from "node:fs";
import { readFile, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { appError } from "../../errors.ts";
import { identityOf, isAlive, type ProcessIdentity } from "../../process-identity.ts";
import type { Binaries } from "./binaries.ts";
import type { ServerPaths } from "./data-directory.ts";
import type { OperatingUser } from "./operating-user.ts";

/** A server process that lives on the cluster. */
export interface Postmaster {
  readonly process: ProcessIdentity;
  readonly port: number;
  /** False while it starts, recovers or stops. */
  readonly ready: boolean;
}

const pollMs = 20;
/** Recovery replays up to `max_wal_size` of log after a crash. */
const readyTimeoutMs = 120_000;
/** A fast shutdown writes a checkpoint; after this long the immediate one follows. */
const stopTimeoutMs = 30_000;
/** The log begins anew, with one predecessor kept, when it is larger than this. */
const logMaxBytes = 20 * 1024 * 1024;

/** The server on this cluster; a pid file whose process is gone or is something else counts as none. */
export function findPostmaster(cluster: string): Postmaster | undefined {
  let lines: string[];
  try {
    lines = readFileSync(join(cluster, "postmaster.pid"), "utf8").split("\n");
  } catch {
    return undefined;
  }
  const identity = identityOf(Number(lines[0]));
  if (identity === undefined || !servesCluster(identity.pid, cluster)) return undefined;
  return {
    process: identity,
    port: Number(lines[3]),
    ready: lines[7]?.trim() === "ready",
  };
}

/** A postmaster's working directory is its cluster; a number used again belongs to something else. */
function servesCluster(pid: number, cluster: string): boolean {
  try {
    if (process.platform === "linux") {
      return readlinkSync(`/proc/${pid}/cwd`) === realpathSync(cluster);
    }
    const command = execFileSync("ps", ["-o", "args=", "-p", String(pid)], { encoding: "utf8" });
    return command.includes(cluster);
  } catch {
    // Not ours to look at, hence not the user's that runs our server.
    return false;
  }
}

/** Waits until a living server accepts connections; undefined when it ended instead. */
export async function waitUntilReady(cluster: string): Promise<Postmaster | undefined> {
  const deadlineMs = performance.now() + readyTimeoutMs;
  while (performance.now() < deadlineMs) {
    const found = findPostmaster(cluster);
    if (found === undefined || found.ready) return found;
    await pause(pollMs);
  }
  return undefined;
}

/** Starts a server and answers when it accepts connections. */
export async function startPostmaster(
  binaries: Binaries,
  paths: ServerPaths,
  user: OperatingUser,
  port: number,
): Promise<Postmaster> {
  await rotateLog(paths.log);
  // The number in a stale file may since belong to another process, and PostgreSQL would believe it.
  await rm(join(paths.cluster, "postmaster.pid"), { force: true });
  const log = openSync(paths.log, "a", 0o600);
  // A session of its own: Ctrl-C reaches us and not the server, which must outlast our last batch.
  const child = spawn(binaries.postgres, ["-D", paths.cluster, "-p", String(port)], {
    ...user.ids,
    cwd: "/",
    detached: true,
    stdio: ["ignore", log, log],
    env: { PATH: process.env.PATH, LC_ALL: "C" },
  });
  closeSync(log);
  child.unref();
  let ended: string | undefined;
  child.on("error", (error) => {
    ended = error.message;
  });
  child.on("exit", (code, signal) => {
    ended = `ended with ${signal ?? `code ${code}`}`;
  });
  const deadlineMs = performance.now() + readyTimeoutMs;
  while (ended === undefined && performance.now() < deadlineMs) {
    const found = findPostmaster(paths.cluster);
    if (found?.ready === true) return found;
    await pause(pollMs);
  }
  const reason = `${ended ?? "was not ready in time"}; its log ends with: ${await logTail(paths.log)}`;
  throw appError("embeddedDatabaseFailed", { reason });
}

/** Ends a server: politely to its clients' sessions first, at once when that takes too long. */
export async function stopPostmaster(postmaster: Postmaster): Promise<void> {
  for (const signal of ["SIGINT", "SIGQUIT", "SIGKILL"] as const) {
    if (!isAlive(postmaster.process)) return;
    process.kill(postmaster.process.pid, signal);
    const deadlineMs = performance.now() + stopTimeoutMs;
    while (performance.now() < deadlineMs && isAlive(postmaster.process)) await pause(pollMs);
  }
}

async function rotateLog(path: string): Promise<void> {
  const found = await stat(path).catch(() => undefined);
  if (found !== undefined && found.size > logMaxBytes) await rename(path, `${path}.1`);
}

async function logTail(path: string): Promise<string> {
  const linesMax = 12;
  const text = await readFile(path, "utf8").catch(() => "");
  return text.trim().split("\n").slice(-linesMax).join(" | ");
}
