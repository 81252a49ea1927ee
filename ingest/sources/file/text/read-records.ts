import { type FileLine, LINE_MAX_LENGTH, readLines } from "./read-lines.ts";
import type { Encoding } from "./read-text.ts";
import { splitLine, splitLines } from "./split-record.ts";

/** Most lines of one quoted field. A quote that stays open longer makes only its own line bad. */
export const RECORD_MAX_LINES = 50;

/** One row of a file: usually one line, several if a quoted field contains line breaks. */
export interface FileRecord {
  /** The number of its first line, counted from 1. */
  readonly line: number;
  readonly text: string;
  /** Undefined if a quote is not closed or the line is too long. */
  readonly fields: readonly string[] | undefined;
  readonly isTooLong: boolean;
}

/** Reads lines of a file, with a look ahead. */
export interface LineSource {
  next(): Promise<FileLine | undefined>;
  /** Up to `count` next lines, without taking them. */
  ahead(count: number): Promise<readonly FileLine[]>;
  take(count: number): void;
  close(): Promise<void>;
}

/** Opens a file's lines. */
export function openLines(
  path: string,
  encoding?: Encoding,
  onBytes?: (bytes: number) => void,
): LineSource {
  const lines = readLines(path, encoding, onBytes);
  const waiting: FileLine[] = [];
  return {
    async next() {
      const waited = waiting.shift();
      if (waited !== undefined) return waited;
      const { value, done } = await lines.next();
      return done === true ? undefined : value;
    },
    async ahead(count) {
      while (waiting.length < count) {
        const { value, done } = await lines.next();
        if (done === true) break;
        waiting.push(value);
      }
      return waiting.slice(0, count);
    },
    take: (count) => void waiting.splice(0, count),
    async close() {
      await lines.return(undefined);
    },
  };
}

/**
 * Makes a row from a line. If a quote stays open, it adds the following lines, if together they are one row of
 * `columns` fields. Otherwise the open quote makes only its own line bad.
 */
export async function recordAt(
  first: FileLine,
  lines: LineSource,
  separator: string,
  columns: number,
): Promise<FileRecord> {
  const { number, text, isTooLong } = first;
  const record = { line: number, text, isTooLong };
  if (isTooLong) return { ...record, fields: undefined };
  const fields = splitLine(text, separator);
  if (fields !== undefined) return { ...record, fields };
  const parts = [text];
  let length = text.length;
  let looked = 0;
  // Few files have line breaks in fields, and most of these fields end one or two lines later.
  for (const reach of [4, RECORD_MAX_LINES]) {
    const next = await lines.ahead(reach);
    for (const line of next.slice(looked)) {
      looked += 1;
      parts.push(line.text);
      length += line.text.length;
      if (line.isTooLong || length > LINE_MAX_LENGTH) return { ...record, fields: undefined };
      if (!line.text.includes('"')) continue;
      const joined = splitLines(parts, separator);
      if (joined === undefined || joined.length < columns) continue;
      lines.take(looked);
      return { ...record, text: parts.join("\n"), fields: joined };
    }
  }
  return { ...record, fields: undefined };
}
