import { basename } from "node:path";
import { parse } from "csv-parse/sync";
import type { RowFault } from "./import-profile.ts";
import { readLines } from "./read-lines.ts";

/** One row of a CSV file, by the header's names. */
export interface TableRow {
  readonly file: string;
  readonly line: number;
  /** The text of a column without surrounding blanks; "" where the file has no such column. */
  get(column: string): string;
  /** What is wrong with the row as a whole, if anything; its columns are then not to be trusted. */
  readonly fault: { readonly column: string; readonly reason: string } | null;
}

/** Reads the header of a CSV file; names in lower case, without surrounding blanks. */
export async function readHeader(path: string): Promise<readonly string[]> {
  for await (const { text } of readLines(path)) {
    return splitLine(text, separatorOf(text))?.map(plainName) ?? [];
  }
  return [];
}

/**
 * Reads a CSV file row by row. One row is one line: a quote that is not closed on its line spoils that
 * line alone and not the rest of the file. Separators are `,`, `;` or tab, whichever the header has most.
 */
export async function* readTable(
  path: string,
  onBytes?: (bytes: number) => void,
): AsyncGenerator<TableRow> {
  const file = basename(path);
  let separator = ",";
  let places: ReadonlyMap<string, number> | undefined;
  for await (const { number, text, isTooLong } of readLines(path, onBytes)) {
    if (places === undefined) {
      separator = separatorOf(text);
      const names = splitLine(text, separator) ?? [];
      places = new Map(names.map((name, at) => [plainName(name), at]));
      continue;
    }
    if (text.trim() === "") continue;
    const header = places;
    const fields = isTooLong ? undefined : splitLine(text, separator);
    const get = (column: string): string => fields?.[header.get(column) ?? -1]?.trim() ?? "";
    yield { file, line: number, get, fault: faultOf(text, isTooLong, fields, header.size) };
  }
}

/** A row as a fault, with the order that it spoils where its id can be read. */
export function rowFault(
  row: TableRow,
  column: string,
  reason: string,
  orderId: string | null,
): RowFault {
  return { kind: "fault", file: row.file, line: row.line, column, reason, orderId };
}

function faultOf(
  text: string,
  isTooLong: boolean,
  fields: readonly string[] | undefined,
  columns: number,
): TableRow["fault"] {
  const whole = (reason: string) => ({ column: "(row)", reason });
  if (isTooLong) return whole("is longer than 65,536 characters");
  if (fields === undefined) return whole("has a quote that is not closed on its line");
  if (fields.length !== columns) {
    return whole(`has ${fields.length} columns where the header has ${columns}`);
  }
  if (text.includes("\uFFFD")) return whole("is not UTF-8");
  return null;
}

function splitLine(text: string, separator: string): string[] | undefined {
  if (!text.includes('"')) return text.split(separator);
  try {
    const [fields] = parse(text, { delimiter: separator, relax_quotes: true }) as string[][];
    return fields ?? [""];
  } catch {
    return undefined; // The only fault a single line can have is an open quote.
  }
}

function separatorOf(header: string): string {
  const count = (separator: string): number => header.split(separator).length;
  return [",", ";", "\t"].reduce((best, one) => (count(one) > count(best) ? one : best));
}

function plainName(name: string): string {
  return name.trim().toLowerCase();
}
