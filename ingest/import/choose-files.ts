import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { appError } from "@tillcast/core";
import { readHeader } from "./read-table.ts";

/** Most files of one import. */
export const FILES_MAX_COUNT = 1_000;

/** The files that paths name: files as they are, of a folder its CSV files by name. */
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
  return files;
}

/** Size of files in bytes, for progress. */
export async function bytesOf(files: readonly string[]): Promise<number> {
  const sizes = await Promise.all(files.map(async (file) => (await stat(file)).size));
  return sizes.reduce((sum, size) => sum + size, 0);
}

/**
 * Tells files apart by the columns in their headers, so that their names do not matter. Every kind must
 * be there; a file that fits no kind is left alone.
 */
export async function filesByColumns<Kind extends string>(
  files: readonly string[],
  kinds: Readonly<Record<Kind, readonly string[]>>,
): Promise<Record<Kind, string[]>> {
  const chosen = Object.fromEntries(
    Object.keys(kinds).map((kind) => [kind, []]),
  ) as unknown as Record<Kind, string[]>;
  for (const file of files) {
    const header = new Set(await readHeader(file));
    const fits = (columns: readonly string[]) => columns.every((column) => header.has(column));
    const kind = (Object.keys(kinds) as Kind[]).find((one) => fits(kinds[one]));
    if (kind !== undefined) chosen[kind].push(file);
  }
  for (const [kind, columns] of Object.entries<readonly string[]>(kinds)) {
    if (chosen[kind as Kind].length > 0) continue;
    throw appError("badRequest", {
      reason: `there is no file of ${kind}, with the columns ${columns.join(", ")}`,
    });
  }
  return chosen;
}
