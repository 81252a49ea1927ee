import type { OrderRow, RowFault } from "./import-profile.ts";

/** The rows of one order, each counted once although several files repeat it. */
export interface MergedRows {
  readonly rows: readonly OrderRow[];
  readonly faults: readonly RowFault[];
}

/**
 * Merges equal rows of several files, because exports overlap: a row counts as often as in the file that has it
 * most often. Equal rows in one file count separately, because two equal coffees are two. A line with different
 * content in another file is a fault, because it would count twice.
 */
export function mergeRepeats(rows: readonly OrderRow[]): MergedRows {
  const [first] = rows;
  if (first === undefined || rows.every(({ path }) => path === first.path)) {
    return { rows, faults: [] };
  }
  const counts = countByFile(rows);
  const kept = rows.filter((row) => fileWithMost(counts.get(contentOf(row))) === row.path);
  const faults: RowFault[] = [];
  const lines = new Map<string, OrderRow>();
  for (const row of kept) {
    const line = lineOf(row);
    const before = lines.get(line);
    if (before === undefined) lines.set(line, row);
    else if (before.path !== row.path && contentOf(before) !== contentOf(row)) {
      faults.push({
        kind: "fault",
        file: row.file,
        line: row.line,
        column: row.item.key === undefined ? "item" : "line_id",
        reason: `stands in ${before.file}:${before.line} with other content`,
        orderId: row.orderId,
      });
    }
  }
  return { rows: kept, faults };
}

function countByFile(rows: readonly OrderRow[]): Map<string, Map<string, number>> {
  const counts = new Map<string, Map<string, number>>();
  for (const row of rows) {
    const content = contentOf(row);
    const files = counts.get(content) ?? new Map<string, number>();
    counts.set(content, files);
    files.set(row.path, (files.get(row.path) ?? 0) + 1);
  }
  return counts;
}

/** The first file among those that have a row most often. */
function fileWithMost(files: ReadonlyMap<string, number> | undefined): string | undefined {
  let most: string | undefined;
  for (const [path, count] of files ?? []) {
    if (most === undefined || count > (files?.get(most) ?? 0)) most = path;
  }
  return most;
}

/** The content of a row, without its position. */
function contentOf({ path: _path, file: _file, line: _line, ...content }: OrderRow): string {
  return JSON.stringify(content);
}

/** The key that is equal for two rows of the same line. */
function lineOf({ order, isTakenBack, item }: OrderRow): string {
  const line = item.key === undefined ? [item.itemId, item.name] : [item.key];
  return JSON.stringify([order.openedAt, isTakenBack, ...line]);
}
