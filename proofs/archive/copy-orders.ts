import { join } from "node:path";
import { inTransaction, type Transaction } from "@tillcast/core/database";
import type { Pool } from "pg";
import type { CopiedTable } from "../copies/copied-tables.ts";
import { copyOut, quoted } from "../copies/copy-rows.ts";
import { makePace, tableFileName } from "../copies/copy-tables.ts";
import type { TableFile } from "../copies/manifest.ts";
import { countRows, createRowFile } from "../copies/row-file.ts";

/** Orders of the first transaction. */
const ordersAtOnce = 2_000;

/** The two tables that are copied together. All rollups can be rebuilt from them. */
export const orderTables = ["order_head", "ledger_entry"] as const;

/**
 * Copies heads and ledger slice by slice, in the order of the orders' keys. A slice reads its heads and their
 * entries in one transaction, so that each order's entries match its head. Different slices show different moments.
 * Replay of the log from the positions before the first slice makes them consistent.
 */
export async function copyOrders(
  pool: Pool,
  folder: string,
  tables: readonly CopiedTable[],
  onSlice: (orders: number) => void,
): Promise<TableFile[]> {
  const [heads, entries] = orderTables.map((name) => openTable(folder, tables, name));
  if (heads === undefined || entries === undefined) return [];
  const pace = makePace(ordersAtOnce);
  for (let after: string | null = ""; after !== null; ) {
    const from: string = after;
    const slice = await pace.during((count) =>
      inTransaction(pool, (tx) => copySlice(tx, { heads, entries }, from, count), {
        isolation: "repeatable read",
        readOnly: true,
      }),
    );
    await heads.add(slice.heads);
    await entries.add(slice.entries);
    onSlice(heads.rows());
    after = slice.last;
  }
  return [await heads.close(), await entries.close()];
}

interface OpenTable {
  readonly columns: readonly string[];
  add(rows: Buffer): Promise<void>;
  rows(): number;
  close(): Promise<TableFile>;
}

function openTable(folder: string, tables: readonly CopiedTable[], name: string): OpenTable {
  const columns = tables.find(({ table }) => table === name)?.columns ?? [];
  const fileName = tableFileName(name);
  const file = createRowFile(join(folder, fileName));
  let rows = 0;
  return {
    columns,
    add: (added) => {
      rows += countRows(added);
      return file.write(added);
    },
    rows: () => rows,
    close: async () => ({
      file: fileName,
      table: name,
      columns: [...columns],
      rows,
      ...(await file.close()),
    }),
  };
}

// Forces lookups by key: a plan that reads the whole ledger per slice would never end.
const planByIndex = `
  select set_config('enable_seqscan', 'off', true), set_config('enable_hashjoin', 'off', true),
         set_config('enable_mergejoin', 'off', true)`;

interface OrderSlice {
  readonly heads: Buffer;
  readonly entries: Buffer;
  /** The last key in hexadecimal; null at the end. */
  readonly last: string | null;
}

async function copySlice(
  tx: Transaction,
  tables: Readonly<Record<"heads" | "entries", OpenTable>>,
  after: string,
  count: number,
): Promise<OrderSlice> {
  await tx.query(planByIndex);
  const bound = await tx.query<{ key: string }>(
    `select encode(order_key, 'hex') as key from order_head
     where order_key > decode($1, 'hex') order by order_key offset $2 limit 1`,
    [after, count - 1],
  );
  const last = bound.rows[0]?.key ?? null;
  const upTo = last === null ? "" : ` and head.order_key <= '\\x${last}'`;
  const range = `head.order_key > '\\x${after}'${upTo}`;
  const heads = await copyOut(
    tx,
    `select ${quoted(tables.heads.columns)} from order_head head where ${range}`,
  );
  const columns = tables.entries.columns.map((column) => `entry."${column}"`).join(", ");
  const entries = await copyOut(
    tx,
    `select ${columns} from order_head head join ledger_entry entry using (order_key) where ${range}`,
  );
  return { heads, entries, last };
}
