import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";

/** The top of the repository. */
export const root: string = fileURLToPath(new URL("../../", import.meta.url));

/** The workspaces, each with the workspaces that it may import by name. */
export const mayImport: Readonly<Record<string, readonly string[]>> = {
  schemas: [],
  core: ["schemas"],
  "event-log": ["schemas", "core"],
  accounts: ["schemas", "core"],
  ingest: ["schemas", "core", "event-log", "accounts"],
  simulator: ["schemas", "core"],
  "stream-processors": ["schemas", "core", "event-log"],
  proofs: ["schemas", "core", "event-log", "stream-processors"],
  forecaster: ["schemas", "core", "event-log"],
  gateway: ["schemas", "core", "event-log", "accounts"],
  web: ["schemas"],
  cli: [
    "schemas",
    "core",
    "event-log",
    "accounts",
    "ingest",
    "simulator",
    "stream-processors",
    "proofs",
    "forecaster",
    "gateway",
  ],
};

/** The subjects of a workspace that others import apart, such as `@tillcast/core/database`. */
export const subjectsOf: Readonly<Record<string, readonly string[]>> = {
  core: ["database", "http", "orders", "work"],
  forecaster: ["jobs"],
  "stream-processors": ["ledger"],
};

/** The workspaces whose test code other workspaces' tests stand on, as `@tillcast/<room>/testing`. */
export const testRooms: readonly string[] = ["core", "stream-processors"];

/** The workspaces' folders. */
export const workspaces: readonly string[] = Object.keys(mayImport);

/** Folders beside the workspaces that hold sources. */
export const otherRooms: readonly string[] = ["test", "bench", "deploy"];

/** One source file. Paths are relative to the top, with forward slashes. */
export interface Source {
  readonly path: string;
  /** The first folder of the path. */
  readonly room: string;
  readonly text: string;
  readonly lineCount: number;
}

const notOurs = new Set(["node_modules", "dist", "dist-types", "generated", ".tillcast"]);

/** Every file below a folder, without what is installed or built. */
export function filesBelow(folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) return notOurs.has(entry.name) ? [] : filesBelow(path);
    return entry.isFile() ? [path] : [];
  });
}

/** Every folder below a folder, without what is installed or built. */
export function foldersBelow(folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() && !notOurs.has(entry.name)
      ? [`${folder}/${entry.name}`, ...foldersBelow(`${folder}/${entry.name}`)]
      : [],
  );
}

/** The sources of one room. */
export function sourcesOf(room: string): Source[] {
  return filesBelow(room)
    .filter((path) => /\.(ts|tsx|js)$/.test(path))
    .map((path) => {
      const text = readFileSync(join(root, path), "utf8");
      return { path, room, text, lineCount: text.split("\n").length - 1 };
    });
}

/** True for tests and for what only tests import. */
export function isTest(path: string): boolean {
  return (
    /\.test\.tsx?$/.test(path) ||
    /\/(testing|contract)(\/|\.ts$)/.test(path) ||
    /^(test|bench)\//.test(path)
  );
}

/** What a source imports, by any form of import, and the workers that it starts. */
export function importsOf(source: Source): string[] {
  const imported = ts.preProcessFile(source.text, true, true).importedFiles;
  const workers = source.text.matchAll(/new Worker\(\s*new URL\(\s*"(\.[^"]+)"/g);
  return [...imported.map((file) => file.fileName), ...[...workers].map((match) => match[1] ?? "")];
}

/** `@scope/name/deep/file.ts` and `name/deep` become the package's name. */
export function packageName(specifier: string): string {
  return specifier
    .split("/")
    .slice(0, specifier.startsWith("@") ? 2 : 1)
    .join("/");
}

/** The room that a relative import ends in. */
export function roomOf(source: Source, specifier: string): string {
  const target = relative(root, join(root, source.path, "..", specifier));
  return target.split(/[\\/]/)[0] ?? "";
}

/** The text of each call of a method of that name. */
export function callsOf(source: Source, method: string): string[] {
  if (!source.text.includes(`.${method}(`)) return [];
  const file = ts.createSourceFile(source.path, source.text, ts.ScriptTarget.Latest, true);
  const calls: string[] = [];
  const visit = (node: ts.Node): void => {
    if (
      ts.isCallExpression(node) &&
      ts.isPropertyAccessExpression(node.expression) &&
      node.expression.name.text === method
    ) {
      calls.push(node.getText(file));
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return calls;
}
