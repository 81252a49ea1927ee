/** The manifest of a base or a backup: the log positions, and what each file must contain. */

import { createHash } from "node:crypto";
import { open, readFile } from "node:fs/promises";
import { join } from "node:path";
import { appError } from "@tillcast/core";
import type { LogPosition } from "@tillcast/event-log";
import { z } from "zod";
import { checkFile, type FileDigest } from "./row-file.ts";

/** A file of one table's rows. */
export interface TableFile extends FileDigest {
  readonly file: string;
  readonly table: string;
  /** Columns in the file's order. They are loaded by name. */
  readonly columns: readonly string[];
  readonly rows: number;
}

/** A file of one topic's records. */
export interface TailFile extends FileDigest {
  readonly file: string;
  readonly topic: string;
  readonly records: number;
}

/** The manifest of a base or a backup. */
export interface Manifest {
  readonly format: 1;
  readonly kind: "archive" | "backup";
  readonly copyId: string;
  /** UTC milliseconds: when the positions were read, and when the last row or record was read. */
  readonly startedAt: number;
  readonly finishedAt: number;
  /** Names of the migrations that the tables had. */
  readonly migrations: readonly string[];
  /** Every reader's positions, loaded before the first row. */
  readonly positions: readonly LogPosition[];
  readonly files: readonly TableFile[];
  /** Records from these positions on. A base has none, because its log is still there. */
  readonly tails: readonly TailFile[];
}

const fileDigest = { bytes: z.int().min(0), sha256: z.string().regex(/^[0-9a-f]{64}$/) };
const fileName = z.string().regex(/^[\w.-]+$/);
/** The format of names, because they become part of SQL statements. */
const sqlName = z.string().regex(/^\w+$/);

const manifestSchema: z.ZodType<Manifest> = z.object({
  format: z.literal(1),
  kind: z.enum(["archive", "backup"]),
  copyId: z.uuid(),
  startedAt: z.int(),
  finishedAt: z.int(),
  migrations: z.array(z.string()),
  positions: z.array(
    z.object({
      group: z.string(),
      topic: z.string(),
      topicId: z.string(),
      partition: z.int().min(0),
      position: z.string().regex(/^\d+$/),
    }),
  ),
  files: z.array(
    z.object({
      file: fileName,
      table: sqlName,
      columns: z.array(sqlName).min(1),
      rows: z.int().min(0),
      ...fileDigest,
    }),
  ),
  tails: z.array(
    z.object({ file: fileName, topic: z.string(), records: z.int().min(0), ...fileDigest }),
  ),
});

const sealedSchema = z.object({ manifest: manifestSchema, sha256: z.string() });

/** The manifest's name in its folder. */
export const manifestName = "manifest.json";

/** The digest covers the fields in the schema's order, in which a manifest is also parsed. */
const digestOf = (manifest: Manifest): string =>
  createHash("sha256")
    .update(JSON.stringify(manifestSchema.parse(manifest)))
    .digest("hex");

/** Writes the manifest with its own digest, after all other files. */
export async function writeManifest(folder: string, manifest: Manifest): Promise<void> {
  const sealed = { manifest, sha256: digestOf(manifest) };
  const file = await open(join(folder, manifestName), "wx", 0o600);
  try {
    await file.writeFile(`${JSON.stringify(sealed, null, 2)}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Reads a folder's manifest. Throws `notFound` if it is missing and `damaged` if it was changed. */
export async function readManifest(folder: string): Promise<Manifest> {
  const path = join(folder, manifestName);
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (cause) {
    throw appError("notFound", { what: `manifest ${path}` }, { cause });
  }
  const { data, error } = sealedSchema.safeParse(jsonOf(text));
  if (data === undefined) {
    throw appError("damaged", { file: path, reason: "it is no manifest" }, { cause: error });
  }
  if (digestOf(data.manifest) !== data.sha256) {
    throw appError("damaged", { file: path, reason: "its digest is not its own" });
  }
  return data.manifest;
}

/** Compares every file of a folder with its manifest. */
export async function checkFiles(
  folder: string,
  { files, tails }: Manifest,
  onFile: (done: number, total: number) => void = () => {},
): Promise<void> {
  const all = [...files, ...tails];
  for (const [index, file] of all.entries()) {
    await checkFile(join(folder, file.file), file);
    onFile(index + 1, all.length);
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
