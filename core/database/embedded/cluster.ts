import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import type { FileHandle } from "node:fs/promises";
import {
  appendFile,
  mkdir,
  open,
  readdir,
  readFile,
  rename,
  rm,
  unlink,
  writeFile,
} from "node:fs/promises";
import { dirname, join } from "node:path";
import { appError } from "../../errors.ts";
import type { Binaries } from "./binaries.ts";
import type { ServerPaths } from "./data-directory.ts";
import type { OperatingUser } from "./operating-user.ts";

/** Names and values of `postgresql.conf`. */
export type ServerSettings = Readonly<Record<string, string>>;

/** The superuser, used only to make the owner and the database. */
export const superuserName = "postgres";

/** Settings of the product's own server; reasons beside the values. */
export const defaultServerSettings: ServerSettings = {
  listen_addresses: "127.0.0.1",
  // No sockets in shared directories; everything goes through the loopback port and a password.
  unix_socket_directories: "",
  max_connections: "100",
  shared_buffers: "256MB",
  // Rare checkpoints: each one makes the next change of every page a full-page write.
  max_wal_size: "4GB",
  checkpoint_timeout: "15min",
  fsync: "on",
  synchronous_commit: "on",
  // Statements are short and many; compiling them costs more than it saves.
  jit: "off",
  password_encryption: "scram-sha-256",
  timezone: "UTC",
  log_timezone: "UTC",
  log_line_prefix: "%m [%p] %a ",
  log_checkpoints: "off",
};

const settingsFileName = "tillcast.conf";

/** Makes the cluster where there is none; a half-made one never carries the final name. */
export async function ensureCluster(
  binaries: Binaries,
  paths: ServerPaths,
  user: OperatingUser,
  password: string,
): Promise<void> {
  if (existsSync(join(paths.cluster, "PG_VERSION"))) return;
  const draft = `${paths.cluster}.new`;
  await rm(draft, { recursive: true, force: true });
  await mkdir(draft, { mode: 0o700 });
  await user.own(draft);
  await removePasswordFiles(dirname(draft));
  const passwordFile = await openNameless(
    join(dirname(draft), `postgres-password-${process.pid}`),
    user,
  );
  try {
    await passwordFile.writeFile(`${password}\n`);
    await runInitdb(binaries.initdb, draft, passwordFile.fd, user);
  } finally {
    await passwordFile.close();
  }
  await appendFile(join(draft, "postgresql.conf"), `\ninclude_if_exists '${settingsFileName}'\n`);
  await rename(draft, paths.cluster);
}

/** Opens an empty file and takes its name away: whatever ends this process, no password is left in a folder. */
async function openNameless(path: string, user: OperatingUser): Promise<FileHandle> {
  const file = await open(path, "w+", 0o600);
  await user.own(path);
  await unlink(path);
  return file;
}

/** Earlier releases kept the password in a file with a name, which a killed start left behind. */
async function removePasswordFiles(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (/^postgres-password-\d+$/.test(name)) await rm(join(folder, name), { force: true });
  }
}

/** True when the cluster was last started with these settings. */
export async function hasSettings(cluster: string, settings: ServerSettings): Promise<boolean> {
  const present = await readFile(join(cluster, settingsFileName), "utf8").catch(() => "");
  return present === settingsText(settings);
}

/** Writes the settings that the next start will read. */
export async function writeSettings(
  cluster: string,
  settings: ServerSettings,
  user: OperatingUser,
): Promise<void> {
  const path = join(cluster, settingsFileName);
  await writeFile(path, settingsText(settings), { mode: 0o600 });
  await user.own(path);
}

function settingsText(settings: ServerSettings): string {
  const lines = Object.entries(settings).map(([name, value]) => `${name} = '${value}'`);
  return `${lines.join("\n")}\n`;
}

/** The number under which initdb finds the password file. */
const passwordFd = 3;

/** The built-in locale sorts alike on every platform, and no library update disorders an index. */
const localeFlags = [
  "--encoding=UTF8",
  "--locale=C",
  "--locale-provider=builtin",
  "--builtin-locale=C.UTF-8",
];

function runInitdb(
  initdb: string,
  folder: string,
  passwordFile: number,
  user: OperatingUser,
): Promise<void> {
  const args = [
    `--pgdata=${folder}`,
    `--username=${superuserName}`,
    `--pwfile=/dev/fd/${passwordFd}`,
    "--auth=scram-sha-256",
    "--data-checksums",
    ...localeFlags,
  ];
  return new Promise((resolve, reject) => {
    const child = spawn(initdb, args, {
      ...user.ids,
      cwd: "/",
      env: { PATH: process.env.PATH, LC_ALL: "C" },
      stdio: ["ignore", "pipe", "pipe", passwordFile],
    });
    let output = "";
    const take = (chunk: Buffer) => {
      output += chunk.toString();
    };
    child.stdout?.on("data", take);
    child.stderr?.on("data", take);
    child.on("error", (cause) => reject(initdbFailed(cause.message, cause)));
    child.on("close", (code) => (code === 0 ? resolve() : reject(initdbFailed(output))));
  });
}

function initdbFailed(output: string, cause?: unknown): Error {
  return appError("embeddedDatabaseFailed", { reason: `initdb: ${output.trim()}` }, { cause });
}
