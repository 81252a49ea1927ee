/**
 * Runs one PostgreSQL server per data directory, for all processes that use it.
 *
 * The first process starts the server, or adopts a running one whose Node process was killed. Each process registers in
 * `server.json`, and the last one stops the server. A file lock allows one process at a time to join or leave.
 */
import { setTimeout as pause } from "node:timers/promises";
import { withFileLock } from "../../file-lock.ts";
import type { Logger } from "../../logging.ts";
import { type Binaries, locateBinaries } from "./binaries.ts";
import {
  defaultServerSettings,
  ensureCluster,
  hasSettings,
  type ServerSettings,
  superuserName,
  writeSettings,
} from "./cluster.ts";
import { databasePassword, prepareDataDirectory, type ServerPaths } from "./data-directory.ts";
import { rememberedPort } from "./free-port.ts";
import { type OperatingUser, operatingUser } from "./operating-user.ts";
import { ensureOwner, type ServerUrls, serverUrls } from "./owner.ts";
import {
  findPostmaster,
  type Postmaster,
  startPostmaster,
  stopPostmaster,
  waitUntilReady,
} from "./postmaster.ts";
import { newUser, readServerFile, removeServerFile, writeServerFile } from "./server-file.ts";
import { watchServer } from "./watch-server.ts";

export interface EmbeddedOptions {
  readonly dataDir: string;
  readonly log: Logger;
  /** The port to use instead of the last one. */
  readonly port?: number;
  /** Settings in addition to `defaultServerSettings`, or instead of them. */
  readonly settings?: ServerSettings;
  /** Called before this process, as the last user, stops the server. No process can join meanwhile. */
  readonly beforeLastStop?: (superuserUrl: string) => Promise<void>;
}

/** A server that this process uses until `stop`. */
export interface EmbeddedServer {
  /** The address of the product's database as its owner. */
  readonly url: string;
  /** The address of the server as superuser. */
  readonly superuserUrl: string;
  /** True if the server already ran, for another process or left by a killed one. */
  readonly adopted: boolean;
  /** Leaves the server. The last user stops it. Safe to call twice. */
  stop(): Promise<void>;
}

/** Joining and leaving take seconds at most, except while a server recovers from a crash. */
const lockTimeoutMs = 150_000;
/** A start may fail, for example while the last sessions of a killed server still hold its memory. */
const startAttemptsMax = 2;
const startPauseMs = 1_000;

interface Surroundings {
  readonly options: EmbeddedOptions;
  readonly settings: ServerSettings;
  readonly user: OperatingUser;
  readonly binaries: Binaries;
  readonly paths: ServerPaths;
}

/** Starts, adopts or joins the server, and restarts it if it ends unexpectedly. */
export async function startEmbeddedPostgres(options: EmbeddedOptions): Promise<EmbeddedServer> {
  const around = await surroundings(options);
  const server = await join(around);
  const watch = watchServer({
    cluster: around.paths.cluster,
    log: options.log,
    restart: () =>
      withFileLock(around.paths.lock, { timeoutMs: lockTimeoutMs }, async () => {
        await runningServer(around, Number(new URL(server.url).port));
      }),
  });
  return {
    ...server,
    async stop() {
      await watch.stop();
      await server.stop();
    },
  };
}

/** As `startEmbeddedPostgres`, without restarts, for short commands. */
export async function connectOrStart(options: EmbeddedOptions): Promise<EmbeddedServer> {
  return join(await surroundings(options));
}

async function surroundings(options: EmbeddedOptions): Promise<Surroundings> {
  const user = await operatingUser();
  const paths = await prepareDataDirectory(options.dataDir, user);
  const binaries = await locateBinaries(user);
  const settings = { ...defaultServerSettings, ...options.settings };
  return { options, user, paths, binaries, settings };
}

async function join(around: Surroundings): Promise<EmbeddedServer> {
  const self = newUser();
  const { serverFile, lock } = around.paths;
  const joined = await withFileLock(lock, { timeoutMs: lockTimeoutMs }, async () => {
    const { urls, adopted } = await runningServer(around, around.options.port);
    const users = (await readServerFile(serverFile))?.users ?? [];
    await writeServerFile(serverFile, {
      url: urls.owner,
      pid: users[0]?.pid ?? self.pid,
      users: [...users, self],
    });
    return { urls, adopted };
  });
  let stopping: Promise<void> | undefined;
  return {
    url: joined.urls.owner,
    superuserUrl: joined.urls.superuser,
    adopted: joined.adopted,
    stop() {
      stopping ??= withFileLock(lock, { timeoutMs: lockTimeoutMs }, () => leave(around, self.id));
      return stopping;
    },
  };
}

async function leave(around: Surroundings, id: string): Promise<void> {
  const { serverFile, cluster } = around.paths;
  const file = await readServerFile(serverFile);
  const users = file?.users.filter((user) => user.id !== id) ?? [];
  const next = users[0];
  if (file !== undefined && next !== undefined) {
    await writeServerFile(serverFile, { ...file, pid: next.pid, users });
    return;
  }
  const postmaster = findPostmaster(cluster);
  if (postmaster !== undefined) {
    const urls = await serverUrls(around.paths.secretFile, postmaster.port);
    await around.options.beforeLastStop?.(urls.superuser);
    await stopPostmaster(postmaster);
  }
  await removeServerFile(serverFile);
}

/** Resolves with the running server. It adopts a server if possible, and otherwise starts one. */
async function runningServer(
  around: Surroundings,
  port: number | undefined,
): Promise<{ urls: ServerUrls; adopted: boolean }> {
  const { paths, settings, options } = around;
  const present = await waitUntilReady(paths.cluster);
  if (present !== undefined) {
    const inUse = ((await readServerFile(paths.serverFile))?.users ?? []).length > 0;
    // A server without users and with an older release's settings is stopped. One in use is not.
    if (inUse || (await hasSettings(paths.cluster, settings))) {
      options.log.info({ pid: present.process.pid, port: present.port }, "database server adopted");
      return { urls: await usableUrls(paths, present), adopted: true };
    }
  }
  const leftOver = findPostmaster(paths.cluster);
  if (leftOver !== undefined) await stopPostmaster(leftOver);
  return { urls: await usableUrls(paths, await startWithRetry(around, port)), adopted: false };
}

async function startWithRetry(around: Surroundings, port: number | undefined): Promise<Postmaster> {
  const { paths, binaries, user, settings, options } = around;
  await ensureCluster(
    binaries,
    paths,
    user,
    await databasePassword(paths.secretFile, superuserName),
  );
  await writeSettings(paths.cluster, settings, user);
  for (let attempt = 1; ; attempt += 1) {
    const startedMs = performance.now();
    try {
      const chosen = port ?? (await rememberedPort(paths.portFile));
      const started = await startPostmaster(binaries, paths, user, chosen);
      const durationMs = Math.round(performance.now() - startedMs);
      options.log.info(
        { pid: started.process.pid, port: chosen, durationMs },
        "database server started",
      );
      return started;
    } catch (error) {
      if (attempt >= startAttemptsMax) throw error;
      options.log.warn({ err: error, attempt }, "database server did not start; it is retried");
      await pause(startPauseMs);
    }
  }
}

async function usableUrls(paths: ServerPaths, postmaster: Postmaster): Promise<ServerUrls> {
  const urls = await serverUrls(paths.secretFile, postmaster.port);
  await ensureOwner(urls);
  return urls;
}
