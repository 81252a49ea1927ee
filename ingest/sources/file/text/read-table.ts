import { basename } from "node:path";
import type { RowFault } from "../import-profile.ts";
import { type LineSource, openLines, recordAt } from "./read-records.ts";
import type { Encoding } from "./read-text.ts";
import { separatorOf, splitLine } from "./split-record.ts";

/** How many lines are searched for the header. Exports may start with a title, dates and a blank line. */
export const HEADER_WITHIN_LINES = 30;

/** One row of a CSV file, by column names. */
export interface TableRow {
  readonly path: string;
  readonly file: string;
  readonly line: number;
  /** The text of a column without surrounding blanks; "" if the file has no such column. */
  get(column: string): string;
  /** All cells that are not blank, in order. */
  cells(): readonly string[];
  /** What is wrong with the row as a whole. If set, its columns are not reliable. */
  readonly fault: { readonly column: string; readonly reason: string } | null;
}

/** The header of a CSV file. */
export interface TableHeader {
  readonly line: number;
  readonly separator: string;
  /** Names in lower case without surrounding blanks; "" for unnamed columns. */
  readonly names: readonly string[];
}

/** How a table is read. */
export interface TableOptions {
  /** Columns that the header must have. Lines before the header are skipped. */
  readonly columns: readonly string[];
  readonly encoding?: Encoding | undefined;
  readonly onBytes?: ((bytes: number) => void) | undefined;
}

/** Finds the first line with all of the columns; null if the first lines have none. */
export async function findHeader(
  path: string,
  columns: readonly string[],
  encoding?: Encoding,
): Promise<TableHeader | null> {
  const lines = openLines(path, encoding);
  try {
    return await headerIn(lines, columns);
  } finally {
    await lines.close();
  }
}

/** The first line of a file that is not blank, shortened, for an error message. */
export async function firstWordsOf(path: string, encoding?: Encoding): Promise<string> {
  const lines = openLines(path, encoding);
  try {
    for (const { text } of await lines.ahead(HEADER_WITHIN_LINES)) {
      if (text.trim() !== "") return text.trim().slice(0, 80);
    }
    return "";
  } finally {
    await lines.close();
  }
}

/**
 * Reads a CSV file row by row. A quoted field may contain line breaks. A quote that is never closed makes only its
 * own line bad. Rows without text are skipped.
 */
export async function* readTable(path: string, options: TableOptions): AsyncGenerator<TableRow> {
  const file = basename(path);
  const lines = openLines(path, options.encoding, options.onBytes);
  try {
    const header = await headerIn(lines, options.columns);
    if (header === null) return;
    const { names, separator } = header;
    const places = placesOf(names);
    const named = names.findLastIndex((name) => name !== "") + 1;
    for (;;) {
      const next = await lines.next();
      if (next === undefined) return;
      if (next.text.trim() === "") continue;
      const { line, text, fields, isTooLong } = await recordAt(next, lines, separator, named);
      if (fields?.every((field) => field.trim() === "")) continue;
      yield {
        path,
        file,
        line,
        get: (column) => fields?.[places.get(column) ?? -1]?.trim() ?? "",
        cells: () => (fields ?? []).map((field) => field.trim()).filter((field) => field !== ""),
        fault: faultOf(text, isTooLong, fields, { named, all: names.length }),
      };
    }
  } finally {
    await lines.close();
  }
}

/** Turns a row into a fault, with its order if the id can be read. */
export function rowFault(
  row: TableRow,
  column: string,
  reason: string,
  orderId: string | null,
): RowFault {
  return { kind: "fault", file: row.file, line: row.line, column, reason, orderId };
}

async function headerIn(
  lines: LineSource,
  columns: readonly string[],
): Promise<TableHeader | null> {
  for (let at = 0; at < HEADER_WITHIN_LINES; at += 1) {
    const line = await lines.next();
    if (line === undefined) return null;
    const separator = separatorOf(line.text);
    const names = (splitLine(line.text, separator) ?? []).map((name) => name.trim().toLowerCase());
    if (columns.every((column) => names.includes(column))) {
      return { line: line.number, separator, names };
    }
  }
  return null;
}

/** The first column with a name. Profiles refuse a header that has one of their columns twice. */
function placesOf(names: readonly string[]): ReadonlyMap<string, number> {
  const places = new Map<string, number>();
  names.forEach((name, at) => {
    if (name !== "" && !places.has(name)) places.set(name, at);
  });
  return places;
}

function faultOf(
  text: string,
  isTooLong: boolean,
  fields: readonly string[] | undefined,
  columns: { readonly named: number; readonly all: number },
): TableRow["fault"] {
  const whole = (reason: string) => ({ column: "(row)", reason });
  if (isTooLong) return whole("is longer than 65,536 characters");
  if (fields === undefined) return whole("has a quote that is not closed");
  const isTooWide = fields.slice(columns.all).some((field) => field.trim() !== "");
  if (fields.length < columns.named || isTooWide) {
    return whole(`has ${fields.length} columns where the header has ${columns.all}`);
  }
  if (text.includes("\uFFFD"))
    return whole("holds U+FFFD, which stands for a letter that was lost");
  return null;
}
