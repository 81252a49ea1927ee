import { pipeline } from "node:stream/promises";
import type { ClientBase } from "pg";
import { from as copyFrom, to as copyTo } from "pg-copy-streams";

/** Answers a query's rows in COPY's text format, whole: the caller sees to it that they are few. */
export async function copyOut(client: ClientBase, query: string): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of client.query(copyTo(`copy (${query}) to stdout`))) {
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks);
}

/** Puts rows in COPY's text format into a table. */
export async function copyIn(
  client: ClientBase,
  target: { readonly table: string; readonly columns: readonly string[] },
  rows: Buffer,
): Promise<void> {
  const sql = `copy ${target.table} (${quoted(target.columns)}) from stdin`;
  await pipeline([rows], client.query(copyFrom(sql)));
}

/** Column names as SQL takes them, whatever they are. */
export const quoted = (columns: readonly string[]): string =>
  columns.map((column) => `"${column}"`).join(", ");
