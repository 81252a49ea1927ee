import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root, workspaces } from "../../house/sources.ts";
import { copySources } from "../../smoke/copy-sources.ts";
import type { Guard, Removal } from "./guards.ts";

const ownScope = "@tillcast";

/** Copies the product into a new folder, with one guard taken away, and answers the folder. */
export function copyWithout(guard: Guard): string {
  const folder = copySources(undefined);
  linkPackages(folder);
  for (const removal of guard.removals) {
    const file = join(folder, removal.path);
    writeFileSync(file, without(readFileSync(file, "utf8"), removal));
  }
  return folder;
}

/** A source without its guard; fails loudly when the place is not there any more. */
export function without(text: string, { path, from, to }: Removal): string {
  const places = text.split(from).length - 1;
  if (places !== 1) throw new Error(`${path} has ${places} places like: ${from}`);
  return text.replace(from, () => to);
}

/** The packages are those of this checkout; the workspaces are the copy's own. */
function linkPackages(folder: string): void {
  const installed = join(root, "node_modules");
  const packages = join(folder, "node_modules");
  mkdirSync(join(packages, ownScope), { recursive: true });
  for (const name of readdirSync(installed)) {
    if (name !== ownScope) symlinkSync(join(installed, name), join(packages, name));
  }
  for (const workspace of workspaces) {
    symlinkSync(join(folder, workspace), join(packages, ownScope, workspace));
    linkNested(workspace, folder);
  }
}

/** A workspace may have a version of a package for itself. */
function linkNested(workspace: string, folder: string): void {
  const nested = join(root, workspace, "node_modules");
  const names = readdirSync(join(root, workspace)).includes("node_modules");
  if (names) symlinkSync(nested, join(folder, workspace, "node_modules"));
}
