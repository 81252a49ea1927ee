/** A hot standby beside an embedded server, made as a base backup and kept fresh by streaming. */

import { spawn } from "node:child_process";
import { once } from "node:events";
import { appendFile, cp, mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import pg from "pg";
import { locateBinaries } from "../database/embedded/binaries.ts";
import type { EmbeddedServer } from "../database/embedded/embedded-server.ts";
import { anyFreePort } from "../database/embedded/free-port.ts";
import { type OperatingUser, operatingUser } from "../database/embedded/operating-user.ts";
import { withSuperuser } from "./test-databases.ts";

/** A replica that only reads. */
export interface StreamingReplica {
  /** The address of a database of the server, on the replica instead. */
  at(url: string): string;
  /** Lets the replica fall behind: what arrives is kept and not shown. */
  pauseReplay(): Promise<void>;
  /** Shows what arrived meanwhile. */
  resumeReplay(): Promise<void>;
  /** Resolves when the replica shows everything that is committed by now. */
  caughtUp(): Promise<void>;
  stop(): Promise<void>;
}

/** What a base backup leaves out: the running server's own state. */
const leftOut =
  /^(postmaster\.(pid|opts)|(pg_wal|pg_replslot|pg_dynshmem|pg_notify|pg_serial|pg_snapshots|pg_stat_tmp|pg_subtrans)\/.+)$/;

const slot = "replica";
const pollMs = 20;
const startTimeoutMs = 60_000;

/** Copies the server while it runs, and starts the copy as its standby. */
export async function startStreamingReplica(
  server: Pick<EmbeddedServer, "superuserUrl">,
): Promise<StreamingReplica> {
  const user = await operatingUser();
  const folder = await mkdtemp(join(tmpdir(), "tillcast-replica-"));
  await user.admit(folder);
  const cluster = join(folder, "postgres");
  await copyServer(server.superuserUrl, cluster);
  await appendFile(join(cluster, "postgresql.conf"), followPrimary(server.superuserUrl));
  await writeFile(join(cluster, "standby.signal"), "");
  await giveTo(user, cluster);

  const port = await anyFreePort();
  const at = (url: string): string => {
    const moved = new URL(url);
    moved.port = String(port);
    return moved.href;
  };
  const { postgres } = await locateBinaries(user);
  const child = spawn(postgres, ["-D", cluster, "-p", String(port)], {
    ...user.ids,
    cwd: "/",
    stdio: "ignore",
    env: { PATH: process.env.PATH, LC_ALL: "C" },
  });
  const ended = once(child, "exit");
  const superuserUrl = at(server.superuserUrl);
  await untilAnswering(superuserUrl, () => child.exitCode === null);

  const ask = (url: string, statement: string, values: unknown[] = []) =>
    withSuperuser(url, async (client) => (await client.query(statement, values)).rows[0]);
  return {
    at,
    async pauseReplay() {
      await ask(superuserUrl, "select pg_wal_replay_pause()");
      const isPaused = "select pg_get_wal_replay_pause_state() = 'paused' as yes";
      while (!(await ask(superuserUrl, isPaused)).yes) await pause(pollMs);
    },
    async resumeReplay() {
      await ask(superuserUrl, "select pg_wal_replay_resume()");
    },
    async caughtUp() {
      const { lsn } = await ask(server.superuserUrl, "select pg_current_wal_lsn()::text as lsn");
      const isThere = "select pg_last_wal_replay_lsn() >= $1::pg_lsn as yes";
      while (!(await ask(superuserUrl, isThere, [lsn])).yes) await pause(pollMs);
    },
    async stop() {
      child.kill("SIGINT");
      await ended;
      await ask(server.superuserUrl, "select pg_drop_replication_slot($1)", [slot]);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function copyServer(superuserUrl: string, cluster: string): Promise<void> {
  await withSuperuser(superuserUrl, async (client) => {
    await client.query("select pg_create_physical_replication_slot($1, true)", [slot]);
    const { rows } = await client.query<{ path: string }>(
      "select current_setting('data_directory') as path from pg_backup_start('replica', true)",
    );
    const source = rows[0]?.path ?? "";
    await mkdir(cluster, { mode: 0o700 });
    await cp(source, cluster, {
      recursive: true,
      filter: (path) => !leftOut.test(relative(source, path)),
    });
    const stopped = await client.query<{ labelfile: string }>(
      "select labelfile from pg_backup_stop(false)",
    );
    await writeFile(join(cluster, "backup_label"), stopped.rows[0]?.labelfile ?? "");
  });
}

function followPrimary(superuserUrl: string): string {
  const { hostname, port, username, password } = new URL(superuserUrl);
  const primary = `host=${hostname} port=${port} user=${username} password=${decodeURIComponent(password)}`;
  return `\nprimary_conninfo = '${primary}'\nprimary_slot_name = '${slot}'\nhot_standby = on\n`;
}

async function giveTo(user: OperatingUser, folder: string): Promise<void> {
  await user.own(folder);
  for (const entry of await readdir(folder, { recursive: true }))
    await user.own(join(folder, entry));
}

async function untilAnswering(url: string, isRunning: () => boolean): Promise<void> {
  const deadlineMs = performance.now() + startTimeoutMs;
  while (performance.now() < deadlineMs && isRunning()) {
    const client = new pg.Client({ connectionString: url });
    try {
      await client.connect();
      return;
    } catch {
      await pause(pollMs);
    } finally {
      await client.end().catch(() => undefined);
    }
  }
  throw new Error(`the replica at ${new URL(url).host} did not start`);
}
