import { execFileSync } from "node:child_process";
import { chmodSync, chownSync, copyFileSync, existsSync, mkdirSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { root } from "../house/sources.ts";
import type { RunAs } from "../support/product.ts";

/** Copies what git knows into a new folder that a user owns, as a clone would. */
export function copySources(owner: RunAs | undefined): string {
  const folder = mkdtempSync(join(tmpdir(), "tillcast-smoke-"));
  // PostgreSQL's user has to pass through it.
  chmodSync(folder, 0o755);
  const listed = execFileSync("git", ["ls-files", "-co", "--exclude-standard"], {
    cwd: root,
    encoding: "utf8",
  });
  const folders = new Set([folder]);
  for (const path of listed.split("\n").filter((line) => existsSync(join(root, line)))) {
    if (path === "") continue;
    const target = join(folder, path);
    for (let above = dirname(target); !folders.has(above); above = dirname(above)) {
      folders.add(above);
    }
    mkdirSync(dirname(target), { recursive: true });
    copyFileSync(join(root, path), target);
    if (owner !== undefined) chownSync(target, owner.uid, owner.gid);
  }
  if (owner !== undefined) for (const each of folders) chownSync(each, owner.uid, owner.gid);
  return folder;
}
