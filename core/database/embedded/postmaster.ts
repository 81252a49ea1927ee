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

/** A server process on the cluster. */
export interface Postmaster {
  readonly process: ProcessIdentity;
  readonly port: number;
  /** False while it starts, recovers or stops. */
  readonly ready: boolean;
}

const pollMs = 20;
/** After a crash, recovery replays up to `max_wal_size` of log. */
const readyTimeoutMs = 120_000;
/** A fast shutdown writes a checkpoint. After this time an immediate shutdown follows. */
const stopTimeoutMs = 30_000;
/** At this size the log file is rotated, and one old file is kept. */
const logMaxBytes = 20 * 1024 * 1024;

/** The server on this cluster; undefined if the process of the pid file is gone or is another program. */
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

/** A postmaster's working directory is its cluster. A reused process number has another one. */
function servesCluster(pid: number, cluster: string): boolean {
  try {
    if (process.platform === "linux") {
      return readlinkSync(`/proc/${pid}/cwd`) === realpathSync(cluster);
    }
    const command = execFileSync("ps", ["-o", "args=", "-p", String(pid)], { encoding: "utf8" });
    return command.includes(cluster);
  } catch {
    // We may not read it, so it is not a process of the user that runs our server.
    return false;
  }
}

/** Waits until a running server accepts connections; undefined if it ended instead. */
export async function waitUntilReady(cluster: string): Promise<Postmaster | undefined> {
  const deadlineMs = performance.now() + readyTimeoutMs;
  while (performance.now() < deadlineMs) {
    const found = findPostmaster(cluster);
    if (found === undefined || found.ready) return found;
    await pause(pollMs);
  }
  return undefined;
}

/** Starts a server. Resolves when it accepts connections. */
export async function startPostmaster(
  binaries: Binaries,
  paths: ServerPaths,
  user: OperatingUser,
  port: number,
): Promise<Postmaster> {
  await rotateLog(paths.log);
  // The number in an old file may belong to another process now, and PostgreSQL would not start.
  await rm(join(paths.cluster, "postmaster.pid"), { force: true });
  const log = openSync(paths.log, "a", 0o600);
  // The server gets its own session, so that Ctrl-C does not reach it: it must run until our last batch is done.
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

/** Stops a server with a fast shutdown, and with an immediate one if that takes too long. */
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
