import { basename } from "node:path";
import type { RowFault } from "../import-profile.ts";
import type { Cell } from "../parse-cells.ts";
import { readTable, rowFault, type TableOptions, type TableRow } from "./read-table.ts";

/** What a list of a file is keyed by, and what each row gives. */
export interface KeyedColumns<Value> {
  readonly id: string;
  /** The column that a fault of the value is named by. */
  readonly valueColumn: string;
  value(row: TableRow): Cell<Value>;
  /** Whether two rows of overlapping files say the same. */
  isSame(one: Value, other: Value): boolean;
}

/**
 * Reads a small list such as prices by id. A bad row is a fault of its own; an id that stands twice is one too,
 * unless another file says the same of it.
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
