import { join } from "node:path";
import type { ClientBase } from "pg";
import { mergedTable } from "./copied-tables.ts";
import { copyIn, quoted } from "./copy-rows.ts";
import type { TableFile } from "./manifest.ts";
import { readRows } from "./row-file.ts";

/** Bytes of rows per transaction. */
const loadBytes = 4_000_000;

/**
 * Loads a file's rows into a table by column names, in short transactions. Resolves with their number. COPY refuses
 * tables with forced row security, so the rows go into a temporary table and are inserted from there.
 */
export async function loadTable(
  client: ClientBase,
  options: {
    readonly folder: string;
    readonly file: TableFile;
    readonly schema: string;
    readonly onRows?: (rows: number) => void;
  },
): Promise<number> {
  const { folder, file, schema, onRows = () => {} } = options;
  const { table, columns } = file;
  const staging = `pg_temp.staged_${table}`;
  const names = quoted(columns);
  await client.query(
    `create temp table staged_${table} on commit delete rows
     as select ${names} from ${schema}.${table} with no data`,
  );
  let rows = 0;
  for await (const chunk of readRows(join(folder, file.file), loadBytes)) {
    await client.query("begin");
    try {
      await copyIn(client, { table: staging, columns }, chunk);
      const inserted = await client.query(
        `insert into ${schema}.${table} (${names}) select ${names} from ${staging}
         ${table === mergedTable ? "on conflict do nothing" : ""}`,
      );
      await client.query("commit");
      rows += inserted.rowCount ?? 0;
    } catch (error) {
      await client.query("rollback").catch(() => undefined);
      throw error;
    }
    onRows(rows);
  }
  await client.query(`drop table ${staging}`);
  return rows;
}
