import { readFileSync } from "node:fs";
import { builtinModules } from "node:module";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { importCircles } from "./house/import-circles.ts";
import {
  callsOf,
  filesBelow,
  foldersBelow,
  importsOf,
  isTest,
  mayImport,
  otherRooms,
  packageName,
  roomOf,
  root,
  type Source,
  sourcesOf,
  subjectsOf,
  testRooms,
  workspaces,
} from "./house/sources.ts";

const ownScope = "@tillcast/";
const sources = new Map([...workspaces, ...otherRooms].map((room) => [room, sourcesOf(room)]));
const everySource: Source[] = [...sources.values()].flat();
const isRelative = (specifier: string) => specifier.startsWith(".");
const isBuiltin = (specifier: string) =>
  specifier.startsWith("node:") || builtinModules.includes(packageName(specifier));

/** Files that may be longer than 300 lines, each with its reason. */
const longFiles: Readonly<Record<string, string>> = {};

/** A harness of our own listens where it is defined, which is looked at there. */
const isLoopback = /127\.0\.0\.1|^harness\.listen\(\)$/;

/** Folders and files whose functions are pure: no clock, no randomness of their own. */
const pureCores = [
  "schemas/money/",
  "schemas/business-time/",
  "stream-processors/ledger/fold/",
  "simulator/",
  "ingest/orders/",
  "forecaster/models/",
  "forecaster/steps/",
];

describe.each(workspaces)("%s", (workspace) => {
  const own = sources.get(workspace) ?? [];

  it("has sources, so that the rules below were held against something", () => {
    expect(own.length).toBeGreaterThan(2);
    expect(own.some((source) => importsOf(source).length > 0)).toBe(true);
  });

  it("imports other workspaces only where the import rule lets it, by name", () => {
    const allowed = mayImport[workspace] ?? [];
    const faults = own.flatMap((source) =>
      importsOf(source)
        .filter((specifier) => specifier.startsWith(ownScope))
        .filter((specifier) => {
          const [target = "", ...deep] = specifier.slice(ownScope.length).split("/");
          const entry = deep.join("/");
          return !allowed.includes(target) || !entriesFor(source, target).includes(entry);
        })
        .map((specifier) => `${source.path} imports ${specifier}`),
    );
    expect(faults).toEqual([]);
  });

  it("stays in its own folder with relative imports", () => {
    const faults = own.flatMap((source) =>
      importsOf(source)
        .filter(isRelative)
        .filter((specifier) => roomOf(source, specifier) !== workspace)
        .map((specifier) => `${source.path} imports ${specifier}`),
    );
    expect(faults).toEqual([]);
  });

  it("lists in its package.json what it imports", () => {
    const listed = new Set(dependenciesOf(workspace));
    const tools = new Set(dependenciesOf("."));
    const faults = own.flatMap((source) =>
      importsOf(source)
        .filter((specifier) => !isRelative(specifier) && !isBuiltin(specifier))
        .map(packageName)
        .filter((name) => !listed.has(name) && !(isTest(source.path) && tools.has(name)))
        .map((name) => `${source.path} imports ${name}`),
    );
    expect([...new Set(faults)]).toEqual([]);
  });
});

describe("the house", () => {
  it("has no room for leftovers: folders are named by what they are about", () => {
    const folders = [...workspaces, ...otherRooms].flatMap(foldersBelow);
    expect(folders.length).toBeGreaterThan(20);
    const leftovers = /\/(utils?|helpers?|common|misc|lib|shared)$/;
    expect(folders.filter((folder) => leftovers.test(folder))).toEqual([]);
  });

  it("keeps files short enough to read in one go", () => {
    const long = everySource
      .filter((source) => source.lineCount > 300 && !(source.path in longFiles))
      .map((source) => `${source.path} has ${source.lineCount} lines`);
    expect(long).toEqual([]);
    const settled = Object.keys(longFiles).filter(
      (path) => !everySource.some((source) => source.path === path && source.lineCount > 300),
    );
    expect(settled).toEqual([]);
  });

  it("has no circle of imports, not even of types", () => {
    expect([...sources.values()].flatMap(importCircles)).toEqual([]);
  });

  it("is drawn in docs/architecture.md as the import rule has it", () => {
    const arrows = drawnArrows();
    const reachable = (room: string): string[] =>
      (arrows.get(room) ?? []).flatMap((next) => [next, ...reachable(next)]);
    for (const [room, allowed] of Object.entries(mayImport)) {
      expect([...new Set(reachable(room))].sort(), room).toEqual([...allowed].sort());
    }
    expect([...arrows.keys()].filter((room) => !(room in mayImport))).toEqual([]);
  });

  it("names files in kebab-case and components in PascalCase", () => {
    const faults = everySource.map((source) => source.path).filter((path) => !isFileName(path));
    expect(faults).toEqual([]);
  });

  it("names migrations by the minute at which they were begun", () => {
    const migrations = filesBelow("schemas/migrations").map((path) => path.split("/").at(-1) ?? "");
    expect(migrations.length).toBeGreaterThan(0);
    expect(migrations.filter((name) => !isMigrationName(name))).toEqual([]);
  });

  it("leaves time and chance to the callers of the pure cores", () => {
    const pure = everySource.filter(
      (source) => !isTest(source.path) && pureCores.some((core) => source.path.startsWith(core)),
    );
    for (const core of pureCores) {
      expect(
        pure.some((source) => source.path.startsWith(core)),
        core,
      ).toBe(true);
    }
    const impure = /Math\.random\(|Date\.now\(|new Date\(\)|Temporal\.Now\b|performance\.now\(/;
    expect(pure.filter((source) => impure.test(source.text)).map(({ path }) => path)).toEqual([]);
  });

  it("lets tests listen on the loopback address only", () => {
    const open = everySource
      .filter((source) => isTest(source.path))
      .filter((source) => callsOf(source, "listen").some((call) => !isLoopback.test(call)))
      .map(({ path }) => path);
    expect(open).toEqual([]);
  });
});

/** The entries of a workspace that a source may name: its subjects, for tests its test code as well. */
function entriesFor(source: Source, target: string): readonly string[] {
  if (source.room === "web") return ["browser"];
  const subjects = ["", ...(subjectsOf[target] ?? [])];
  const hasTestCode = testRooms.includes(target) && isTest(source.path);
  return hasTestCode ? [...subjects, "testing"] : subjects;
}

/** The arrows of the drawing of imports, by the folder that they begin at. */
function drawnArrows(): ReadonlyMap<string, readonly string[]> {
  const document = readFileSync(join(root, "docs/architecture.md"), "utf8");
  const drawing = /flowchart TD\n([\s\S]*?)```/.exec(document)?.[1] ?? "";
  const arrows = [...drawing.matchAll(/([a-z-]+) --> ([a-z-]+)/g)].map(([, from, to]) => ({
    from: from ?? "",
    to: to ?? "",
  }));
  const byStart = Map.groupBy(arrows, ({ from }) => from);
  return new Map([...byStart].map(([from, ends]) => [from, ends.map(({ to }) => to)]));
}

function dependenciesOf(folder: string): string[] {
  const manifest = JSON.parse(readFileSync(join(root, folder, "package.json"), "utf8")) as {
    readonly dependencies?: Record<string, string>;
    readonly devDependencies?: Record<string, string>;
  };
  const listed = Object.keys({ ...manifest.dependencies, ...manifest.devDependencies });
  // A package's types come from a package of their own.
  return [...listed, ...listed.map((name) => name.replace(/^@types\//, ""))];
}

/** Kebab-case with a suffix that tells a test's cost; components are PascalCase, pages are addresses. */
function isFileName(path: string): boolean {
  const name = path.split("/").at(-1) ?? "";
  const suffixes =
    /\.(config|test|bench|(int|stack|browser|smoke|crash|faults)\.test)?\.?(ts|tsx|js)$/;
  const stem = name.replace(suffixes, "");
  const isComponent = path.endsWith(".tsx") && /^[A-Z][A-Za-z0-9]*$/.test(stem);
  return isComponent || /^[a-z0-9]+(-[a-z0-9]+)*$/.test(stem);
}

/** `<UTC yyyymmddHHMM>-<what>.sql`, with an instant that exists. */
function isMigrationName(name: string): boolean {
  const match = /^(\d{4})(\d{2})(\d{2})(\d{2})(\d{2})-[a-z0-9]+(-[a-z0-9]+)*\.sql$/.exec(name);
  if (match === null) return false;
  const [year, month, day, hour, minute] = match.slice(1);
  const iso = `${year}-${month}-${day}T${hour}:${minute}:00.000Z`;
  const instant = new Date(iso);
  return !Number.isNaN(instant.getTime()) && instant.toISOString() === iso;
}
