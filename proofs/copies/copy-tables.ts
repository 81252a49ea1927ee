/** Copies tables of any size into files, in short transactions. */

import { join } from "node:path";
import { inTransaction, type Transaction } from "@tillcast/core/database";
import type { Pool } from "pg";
import type { CopiedTable } from "./copied-tables.ts";
import { copyOut, quoted } from "./copy-rows.ts";
import type { TableFile } from "./manifest.ts";
import { countRows, createRowFile } from "./row-file.ts";

/** Tables above this size are copied in slices. */
const smallBytesMax = 8_000_000;

/** Rows of the first slice. */
const sliceRows = 2_000;

const snapshot = { isolation: "repeatable read", readOnly: true } as const;

/**
 * Whether a table is too large for one short transaction. Referenced tables never are: they are copied last and
 * together, so that they contain every row that earlier copied rows refer to.
 */
export const isLarge = (
  { table, bytes, key }: CopiedTable,
  tables: readonly CopiedTable[],
): boolean =>
  bytes > smallBytesMax &&
  key.length > 0 &&
  !tables.some(({ refersTo }) => refersTo.includes(table));

/** Copies small tables in one transaction. */
export async function copyTogether(
  pool: Pool,
  folder: string,
  tables: readonly CopiedTable[],
): Promise<TableFile[]> {
  const copied = await inTransaction(
    pool,
    async (tx) => {
      const rows: Buffer[] = [];
      for (const { table, columns } of tables) {
        rows.push(await copyOut(tx, `select ${quoted(columns)} from ${table}`));
      }
      return rows;
    },
    snapshot,
  );
  const files: TableFile[] = [];
  for (const [index, { table, columns }] of tables.entries()) {
    const rows = copied[index] ?? Buffer.alloc(0);
    files.push(await writeTableFile(folder, { table, columns }, [rows]));
  }
  return files;
}

async function writeTableFile(
  folder: string,
  { table, columns }: Pick<CopiedTable, "table" | "columns">,
  slices: Iterable<Buffer> | AsyncIterable<Buffer>,
): Promise<TableFile> {
  const name = tableFileName(table);
  const file = createRowFile(join(folder, name));
  let rows = 0;
  for await (const slice of slices) {
    rows += countRows(slice);
    await file.write(slice);
  }
  return { file: name, table, columns: [...columns], rows, ...(await file.close()) };
}

/** The file that holds a table's rows. */
export const tableFileName = (table: string): string => `${table}.copy.zst`;

/** Copies a large table slice by slice, by its key. Rows that are added behind the current key are left out. */
export async function copyInSlices(
  pool: Pool,
  folder: string,
  table: CopiedTable,
): Promise<TableFile> {
  async function* slices() {
    const pace = makePace(sliceRows);
    for (let after: KeyValues | null = []; after !== null; ) {
      const from: KeyValues = after;
      const slice = await pace.during((count) =>
        inTransaction(pool, (tx) => copySlice(tx, table, from, count), snapshot),
      );
      yield slice.rows;
      after = slice.last;
    }
  }
  return writeTableFile(folder, table, slices());
}

/** The key's values as text; empty before the first row. */
type KeyValues = readonly string[];

async function copySlice(
  tx: Transaction,
  { table, columns, key }: CopiedTable,
  after: KeyValues,
  count: number,
): Promise<{ readonly rows: Buffer; readonly last: KeyValues | null }> {
  const names = quoted(key.map(({ column }) => column));
  const tuple = (values: KeyValues) =>
    `(${values.map((value, index) => `${tx.escapeLiteral(value)}::${key[index]?.type}`).join(", ")})`;
  const behind = after.length === 0 ? "true" : `(${names}) > ${tuple(after)}`;
  const bound = await tx.query<{ key: string[] }>(
    `select array[${key.map(({ column }) => `"${column}"::text`).join(", ")}] as key
     from ${table} where ${behind} order by ${names} offset ${count - 1} limit 1`,
  );
  const last = bound.rows[0]?.key ?? null;
  const upTo = last === null ? "true" : `(${names}) <= ${tuple(last)}`;
  const rows = await copyOut(
    tx,
    `select ${quoted(columns)} from ${table} where ${behind} and ${upTo}`,
  );
  return { rows, last };
}

/** After a longer transaction the next slice is smaller, so that none takes nearly 5 s. */
const sliceMsMax = 1_500;
const sliceRowsMin = 20;

/** Sets the rows per slice: fewer after a slow one. */
export interface Pace {
  during<Result>(work: (count: number) => Promise<Result>): Promise<Result>;
}

/** Makes a pace that starts with `countMax` rows. */
export function makePace(countMax: number, nowMs: () => number = () => performance.now()): Pace {
  let count = countMax;
  return {
    async during(work) {
      const startedAt = nowMs();
      const result = await work(count);
      const tookMs = nowMs() - startedAt;
      if (tookMs > sliceMsMax) count = Math.max(sliceRowsMin, Math.floor(count / 2));
      else if (tookMs < sliceMsMax / 4) count = Math.min(countMax, count * 2);
      return result;
    },
  };
}
