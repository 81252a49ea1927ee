import { type FileLine, LINE_MAX_LENGTH, readLines } from "./read-lines.ts";
import type { Encoding } from "./read-text.ts";
import { splitLine, splitLines } from "./split-record.ts";

/** Most lines that one quoted field may run over; a quote left open longer spoils its own line alone. */
export const RECORD_MAX_LINES = 50;

/** One row of a file: mostly one line, more where a quoted field holds line breaks. */
export interface FileRecord {
  /** Of its first line, counted from 1. */
  readonly line: number;
  readonly text: string;
  /** Undefined where a quote is not closed, or the line is too long. */
  readonly fields: readonly string[] | undefined;
  readonly isTooLong: boolean;
}

/** Lines of a file, some of which can be looked at before they are taken. */
export interface LineSource {
  next(): Promise<FileLine | undefined>;
  /** Up to `count` lines that come next, without taking them. */
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
 * Makes a row of a line, and of the lines after it where a quote stays open and they close it as one whole row
 * of `columns` fields. Else the open quote spoils its own line and no other.
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
  // Few files have a break in a field, and those close it a line or two later.
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
