import { createHmac, randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import {
  access,
  constants,
  mkdir,
  open,
  readFile,
  realpath,
  rename,
  writeFile,
} from "node:fs/promises";
import { dirname, join } from "node:path";
import { appError } from "../../errors.ts";
import { makePrivateFolder } from "../../private-folder.ts";
import type { OperatingUser } from "./operating-user.ts";

/** Where root keeps what the postgres user must reach when the data directory is closed to it. */
export const sharedStateDirectory = "/var/lib/tillcast";

/** The files of one embedded server below the data directory. */
export interface ServerPaths {
  /** PostgreSQL's own files; elsewhere when the postgres user cannot enter the data directory. */
  readonly cluster: string;
  readonly log: string;
  readonly lock: string;
  /** Url and users of the running server, mode 600. */
  readonly serverFile: string;
  readonly portFile: string;
  readonly secretFile: string;
}

/** Makes the data directory and decides where the cluster lies. */
export async function prepareDataDirectory(
  dataDir: string,
  user: OperatingUser,
): Promise<ServerPaths> {
  await makeWritable(dataDir);
  const base = await realpath(dataDir);
  const paths = {
    cluster: await clusterPath(base, user),
    log: join(base, "postgres.log"),
    lock: join(base, "server.lock"),
    serverFile: join(base, "server.json"),
    portFile: join(base, "postgres-port"),
    secretFile: join(base, "postgres-secret"),
  };
  await requireSecret(paths);
  return paths;
}

async function makeWritable(dataDir: string): Promise<void> {
  try {
    await makePrivateFolder(dataDir);
    await access(dataDir, constants.W_OK);
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? String(cause);
    const reason = `the data folder ${dataDir} cannot be written (${code}); set TILLCAST_DATA_DIR to one that can`;
    throw appError("embeddedDatabaseFailed", { reason }, { cause });
  }
}

/** A database whose passwords come from a secret that is gone cannot be opened; a new secret would lock it. */
async function requireSecret({ cluster, secretFile }: ServerPaths): Promise<void> {
  if (!existsSync(join(cluster, "PG_VERSION"))) return;
  if ((await readFile(secretFile, "utf8").catch(() => "")).trim() !== "") return;
  const reason = `${secretFile} is missing or empty, and the database in ${cluster} opens with no other; put the file back, or restore a backup into an empty folder`;
  throw appError("embeddedDatabaseFailed", { reason });
}

/**
 * As root the cluster belongs to the postgres user, who cannot enter root's home. The cluster then
 * lies in a folder of its own under `sharedStateDirectory`, and the data directory records which.
 */
async function clusterPath(base: string, user: OperatingUser): Promise<string> {
  const record = join(base, "postgres-location");
  const recorded = await readFile(record, "utf8").catch(() => "");
  if (recorded.trim() !== "") return recorded.trim();
  // A private data directory in an open place needs no second one.
  if (!user.canEnter(base) && user.canEnter(dirname(base))) await user.admit(base);
  if (user.canEnter(base)) return join(base, "postgres");
  const folder = join(sharedStateDirectory, `data-${randomBytes(6).toString("hex")}`);
  try {
    await mkdir(folder, { recursive: true, mode: 0o755 });
    await writeFile(join(folder, "origin"), `${base}\n`);
  } catch (cause) {
    const reason = `the user postgres cannot enter ${base}, and ${folder} cannot be made instead`;
    throw appError("embeddedDatabaseFailed", { reason }, { cause });
  }
  if (!user.canEnter(folder)) {
    const reason = `the user postgres can enter neither ${base} nor ${folder}`;
    throw appError("embeddedDatabaseFailed", { reason });
  }
  const cluster = join(folder, "postgres");
  await writeFile(record, `${cluster}\n`);
  return cluster;
}

/** The password of one database user; all come from one secret, made once and kept mode 600. */
export async function databasePassword(secretFile: string, userName: string): Promise<string> {
  const kept = await readFile(secretFile, "utf8").catch(() => "");
  const secret = kept.trim() === "" ? randomBytes(32).toString("base64url") : kept.trim();
  if (kept.trim() === "") await writeSynced(secretFile, `${secret}\n`);
  return createHmac("sha256", secret).update(userName).digest("base64url");
}

/** Writes a file whole and onto the disk before it gets its name. */
async function writeSynced(path: string, text: string): Promise<void> {
  const draft = `${path}.new`;
  const file = await open(draft, "w", 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(draft, path);
}
