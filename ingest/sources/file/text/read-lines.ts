import { type Encoding, readText } from "./read-text.ts";

/** Longest line. A longer one is a fault, so that a file without line breaks needs bounded memory. */
export const LINE_MAX_LENGTH = 65_536;

/** One line without its line break. `text` is cut if it is too long. */
export interface FileLine {
  /** Counted from 1. */
  readonly number: number;
  readonly text: string;
  readonly isTooLong: boolean;
}

/** Reads a file line by line in bounded memory, without a byte order mark. */
export async function* readLines(
  path: string,
  encoding?: Encoding,
  onBytes?: (bytes: number) => void,
): AsyncGenerator<FileLine> {
  let number = 0;
  let rest = "";
  let isTooLong = false;
  const lineOf = (text: string): FileLine => {
    number += 1;
    const line = { number, text: text.endsWith("\r") ? text.slice(0, -1) : text, isTooLong };
    isTooLong = false;
    return line;
  };
  for await (const text of readText(path, encoding, onBytes)) {
    const parts = (rest + text).split("\n");
    rest = parts.pop() ?? "";
    for (const part of parts) yield lineOf(part);
    if (rest.length > LINE_MAX_LENGTH) {
      isTooLong = true;
      rest = rest.slice(0, LINE_MAX_LENGTH);
    }
  }
  if (rest !== "") yield lineOf(rest);
}
