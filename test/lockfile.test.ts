import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { root, workspaces } from "./house/sources.ts";

interface LockedPackage {
  readonly version?: string;
  readonly resolved?: string;
  readonly integrity?: string;
  readonly link?: boolean;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

const read = (path: string): unknown => JSON.parse(readFileSync(join(root, path), "utf8"));
const packages = (read("package-lock.json") as { packages: Record<string, LockedPackage> })
  .packages;

describe("package-lock.json", () => {
  it("names an entry for every optional dependency, so that other platforms find their builds", () => {
    const named = Object.entries(packages).flatMap(([at, entry]) =>
      Object.keys(entry.optionalDependencies ?? {}).map((name) => ({ at, name })),
    );
    expect(named.length).toBeGreaterThan(10);
    const missing = named.filter(({ at, name }) => lockedFor(at, name) === undefined);
    expect(missing.map(({ at, name }) => `${at} names ${name}`)).toEqual([]);
  });

  it("names no host, so that each machine's own registry serves it", () => {
    const elsewhere = Object.entries(packages)
      .filter(([, entry]) => entry.link !== true && entry.resolved !== undefined)
      .map(([at, entry]) => `${at} comes from ${entry.resolved}`);
    expect(elsewhere).toEqual([]);
  });

  it("holds a digest of everything that is fetched", () => {
    const installed = Object.entries(packages).filter(
      ([at, entry]) => at.includes("node_modules/") && entry.link !== true,
    );
    expect(installed.length).toBeGreaterThan(300);
    expect(installed.filter(([, entry]) => !entry.integrity).map(([at]) => at)).toEqual([]);
  });
});

describe.each([".", ...workspaces])("package.json of %s", (folder) => {
  it("names exact versions", () => {
    const manifest = read(`${folder}/package.json`) as Manifest;
    const ranges = Object.entries({ ...manifest.dependencies, ...manifest.devDependencies })
      .filter(([name, version]) => !(name.startsWith("@tillcast/") && version === "*"))
      .filter(([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version));
    expect(ranges.map(([name, version]) => `${name} ${version}`)).toEqual([]);
  });
});

/** The entry that a package's dependency resolves to, looked for upwards as Node does. */
function lockedFor(at: string, name: string): LockedPackage | undefined {
  for (let folder = at; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf("/")))) {
    const path = folder === "" ? `node_modules/${name}` : `${folder}/node_modules/${name}`;
    const found = packages[path];
    if (found !== undefined || folder === "") return found;
  }
}
