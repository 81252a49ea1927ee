import { readdir, stat } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { appError } from "@tillcast/core";
import { findHeader, firstWordsOf } from "./text/read-table.ts";
import type { Encoding } from "./text/read-text.ts";

/** Most files of one import. */
export const FILES_MAX_COUNT = 1_000;

/** The files of the given paths, each once. A folder gives its CSV files, sorted by name. */
export async function filesOf(paths: readonly string[]): Promise<string[]> {
  const files: string[] = [];
  for (const path of paths) {
    const found = await stat(path).catch((error: unknown) => {
      throw appError("badRequest", { reason: `${path} cannot be read` }, { cause: error });
    });
    if (!found.isDirectory()) files.push(path);
    else {
      const names = (await readdir(path)).filter((name) => /\.(csv|tsv|txt)$/i.test(name));
      files.push(...names.sort().map((name) => join(path, name)));
    }
  }
  if (files.length === 0) throw appError("badRequest", { reason: "there is no file to import" });
  if (files.length > FILES_MAX_COUNT) {
    throw appError("tooLarge", { what: "The list of files", limit: `${FILES_MAX_COUNT} files` });
  }
  return [...new Map(files.map((file) => [resolve(file), file])).values()];
}

/** Size of files in bytes, for progress. */
export async function bytesOf(files: readonly string[]): Promise<number> {
  const sizes = await Promise.all(files.map(async (file) => (await stat(file)).size));
  return sizes.reduce((sum, size) => sum + size, 0);
}

/**
 * Recognises files by the columns in their headers, whatever their names are. Every kind must be there. A file of
 * no kind is skipped, and `leftAlone` is called with its name.
 */
export async function filesByColumns<Kind extends string>(
  files: readonly string[],
  kinds: Readonly<Record<Kind, readonly string[]>>,
  encoding?: Encoding,
  leftAlone?: (file: string) => void,
): Promise<Record<Kind, string[]>> {
  const names = Object.keys(kinds) as Kind[];
  const chosen = Object.fromEntries(names.map((kind) => [kind, []])) as unknown as Record<
    Kind,
    string[]
  >;
  for (const file of files) {
    const kind = await kindOf(file, names, kinds, encoding);
    if (kind !== undefined) chosen[kind].push(file);
    else leftAlone?.(basename(file));
  }
  for (const kind of names) {
    if (chosen[kind].length > 0) continue;
    const seen = await firstWordsOf(files[0] as string, encoding);
    throw appError("badRequest", {
      reason: `there is no file of ${kind}, with the columns ${kinds[kind].join(", ")}; ${basename(files[0] as string)} begins with ${JSON.stringify(seen)}`,
    });
  }
  return chosen;
}

async function kindOf<Kind extends string>(
  file: string,
  names: readonly Kind[],
  kinds: Readonly<Record<Kind, readonly string[]>>,
  encoding: Encoding | undefined,
): Promise<Kind | undefined> {
  for (const kind of names) {
    if ((await findHeader(file, kinds[kind], encoding)) !== null) return kind;
  }
  return undefined;
}
