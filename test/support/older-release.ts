import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, symlinkSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Scope } from "@tillcast/core";
import { root, workspaces } from "../house/sources.ts";

/** The last commit that writes the shapes in `schemas/avro/frozen`. */
export const releaseBefore = "38c02ff";

const ownScope = "@tillcast";

/** Whether a commit is in this clone; a shallow one has only the newest. */
export function isInClone(commit: string): boolean {
  const found = spawnSync("git", ["cat-file", "-e", `${commit}^{commit}`], { cwd: root });
  return found.status === 0;
}

/**
 * Lays out an older release's sources in a folder of their own, with the packages of this tree. What the release
 * before needs and this one no longer uses is a development dependency: `@fastify/rate-limit`.
 */
export async function unpackRelease(scope: Scope, commit: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "tillcast-release-"));
  scope.defer(() => rm(folder, { recursive: true, force: true }));
  const archive = execFileSync("git", ["archive", commit], { cwd: root, maxBuffer: 1 << 28 });
  execFileSync("tar", ["-x", "-C", folder], { input: archive });
  const packages = join(folder, "node_modules");
  mkdirSync(join(packages, ownScope), { recursive: true });
  for (const name of readdirSync(join(root, "node_modules"))) {
    if (name !== ownScope) symlinkSync(join(root, "node_modules", name), join(packages, name));
  }
  // The release's own workspaces, where this tree's would be found otherwise.
  for (const name of workspaces) symlinkSync(join(folder, name), join(packages, ownScope, name));
  return folder;
}
