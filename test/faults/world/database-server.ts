import { execFile } from "node:child_process";
import { readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { silentLogger } from "@tillcast/core";
import { connectOrStart, type EmbeddedServer } from "@tillcast/core/database";
import { killAll, processesIn, waitUntil } from "../../support/processes.ts";
import { freePort } from "../../support/product.ts";

/** A PostgreSQL that a fault run treats badly; nobody starts it again but the run. */
export interface DatabaseServer {
  readonly port: number;
  /** The product's database as its owner, by no proxy. */
  readonly ownerUrl: string;
  isRunning(): Promise<boolean>;
  /** Sends a signal to the postmaster: SIGQUIT is PostgreSQL's immediate stop. */
  signal(signal: NodeJS.Signals): Promise<void>;
  /** Starts it if it does not run; it recovers first if it has to. */
  ensureRunning(): Promise<void>;
  /** Stops in order, copies the cluster to a folder and starts again. */
  copyTo(folder: string): Promise<void>;
  /** Stops in order, puts the copy in the cluster's place and starts again. */
  putBack(folder: string): Promise<void>;
  close(): Promise<void>;
}

const goneMaxMs = 300_000;

/** Everything is as in the product, but small: the disk of a run may have 700 MB. */
const settings = {
  listen_addresses: "127.0.0.1",
  unix_socket_directories: "",
  max_connections: "200",
  shared_buffers: "64MB",
  max_wal_size: "128MB",
  min_wal_size: "32MB",
  fsync: "on",
  synchronous_commit: "on",
  jit: "off",
  timezone: "UTC",
  log_timezone: "UTC",
};

/** Makes a cluster in the folder and starts it. */
export async function startDatabaseServer(dataDir: string): Promise<DatabaseServer> {
  const port = await freePort();
  const cluster = join(dataDir, "postgres");
  const start = () => connectOrStart({ dataDir, port, settings, log: silentLogger });
  let server: EmbeddedServer = await start();

  async function postmasterPid(): Promise<number | undefined> {
    const text = await readFile(join(cluster, "postmaster.pid"), "utf8").catch(() => "");
    const pid = Number(text.split("\n")[0]);
    return processesIn(cluster).some((one) => one.pid === pid) ? pid : undefined;
  }

  async function whileStopped(work: () => Promise<void>): Promise<void> {
    await server.stop();
    await work();
    server = await start();
  }

  return {
    port,
    ownerUrl: server.url,
    isRunning: async () => (await postmasterPid()) !== undefined,
    async signal(signal) {
      const pid = await postmasterPid();
      if (pid !== undefined) process.kill(pid, signal);
    },
    async ensureRunning() {
      // One that is just going down must be gone before another can have its place.
      await waitUntil("the database is up or gone", async () => isSettled(cluster), goneMaxMs);
      if ((await postmasterPid()) !== undefined) return;
      await server.stop();
      server = await start();
    },
    copyTo: (folder) =>
      whileStopped(async () => {
        await rm(folder, { recursive: true, force: true });
        await copy(cluster, folder);
      }),
    putBack: (folder) =>
      whileStopped(async () => {
        const newer = `${cluster}.newer`;
        await rename(cluster, newer);
        await copy(folder, cluster);
        await rm(newer, { recursive: true, force: true });
      }),
    async close() {
      await server.stop();
      killAll(processesIn(cluster));
    },
  };
}

/** With owners: PostgreSQL refuses a cluster that belongs to anybody else. */
async function copy(from: string, to: string): Promise<void> {
  await promisify(execFile)("cp", ["--archive", from, to]);
}

/** Either a postmaster that says "ready", or none at all. */
async function isSettled(cluster: string): Promise<boolean> {
  const text = await readFile(join(cluster, "postmaster.pid"), "utf8").catch(() => "");
  if (text.split("\n")[7]?.trim() === "ready") return true;
  return processesIn(cluster).length === 0;
}
