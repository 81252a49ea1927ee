import { basename } from "node:path";
import type { RowFault } from "../import-profile.ts";
import type { Cell } from "./cell.ts";
import { readTable, rowFault, type TableOptions, type TableRow } from "./read-table.ts";

/** How to read the key and the value of a row. */
export interface KeyedColumns<Value> {
  readonly id: string;
  /** The column that a fault of the value names. */
  readonly valueColumn: string;
  value(row: TableRow): Cell<Value>;
  /** Whether the values of two overlapping files are equal. */
  isSame(one: Value, other: Value): boolean;
}

/**
 * Reads a small list, such as prices by id. A bad row is a fault. A repeated id is a fault too, unless another file
 * has the same value for it.
 */
export async function readKeyed<Value>(
  files: readonly string[],
  options: TableOptions,
  columns: KeyedColumns<Value>,
  faults: RowFault[],
): Promise<Map<string, Value>> {
  const values = new Map<string, { readonly value: Value; readonly path: string; line: number }>();
  for (const path of files) {
    for await (const row of readTable(path, options)) {
      const id = row.get(columns.id);
      const fault = (column: string, reason: string) =>
        faults.push(rowFault(row, column, reason, null));
      const parsed = columns.value(row);
      const before = values.get(id);
      if (row.fault !== null) fault(row.fault.column, row.fault.reason);
      else if (id === "") fault(columns.id, "is missing");
      else if ("reason" in parsed) fault(columns.valueColumn, parsed.reason);
      else if (before === undefined) values.set(id, { value: parsed.value, path, line: row.line });
      else if (before.path === path || !columns.isSame(before.value, parsed.value)) {
        fault(columns.id, `stands in ${basename(before.path)}:${before.line} too: ${id}`);
      }
    }
  }
  return new Map([...values].map(([id, { value }]) => [id, value]));
}
