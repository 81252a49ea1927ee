import { createReadStream } from "node:fs";
import { open } from "node:fs/promises";
import { basename } from "node:path";
import { appError } from "@tillcast/core";

/** Encodings that a file may be said to be in; without a word it must be UTF-8, or begin with a mark. */
export const encodings = ["utf-8", "utf-16", "windows-1252", "iso-8859-1"] as const;
export type Encoding = (typeof encodings)[number];

/**
 * Reads a file's text in pieces. Bytes that are no text in the file's encoding refuse the whole file, by line
 * and byte, before anything of it counts: a letter that is lost may be the one that tells two bills apart.
 */
export async function* readText(
  path: string,
  encoding: Encoding | undefined,
  onBytes?: (bytes: number) => void,
): AsyncGenerator<string> {
  const label = await labelOf(path, encoding);
  const decoder = new TextDecoder(label, { fatal: true });
  const before: { lines: number; tail: Buffer } = { lines: 0, tail: Buffer.alloc(0) };
  for await (const chunk of createReadStream(path)) {
    const bytes = chunk as Buffer;
    onBytes?.(bytes.length);
    yield decode(bytes, true);
    before.lines += linesIn(bytes);
    before.tail = bytes.subarray(-4);
  }
  yield decode(Buffer.alloc(0), false);

  function decode(bytes: Buffer, stream: boolean): string {
    try {
      return decoder.decode(bytes, { stream });
    } catch {
      throw refusal(path, label, placeOfFault(bytes, before, label));
    }
  }
}

/** The decoder's name of a file's encoding: as a byte order mark says, else as was said, else UTF-8. */
async function labelOf(path: string, said: Encoding | undefined): Promise<string> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(2), 0, 2, 0);
    const mark = bytesRead === 2 ? buffer.readUInt16BE() : 0;
    if (mark === 0xfffe) return "utf-16le";
    if (mark === 0xfeff) return "utf-16be";
  } finally {
    await file.close();
  }
  return said === "utf-16" ? "utf-16le" : (said ?? "utf-8");
}

interface Place {
  /** Counted from 1. */
  readonly line: number;
  /** The first byte that fits nothing; null where the file ends within a character. */
  readonly byte: number | null;
}

/**
 * Decodes byte by byte to find the first that is at fault: the one that begins what is no character. A character
 * may have begun in the chunk before.
 */
function placeOfFault(
  bytes: Buffer,
  before: { readonly lines: number; readonly tail: Buffer },
  label: string,
): Place {
  let line = before.lines + 1;
  const decoder = new TextDecoder(label, { fatal: true });
  let begun: number | null = null;
  const decode = (byte: number): void => {
    const text = decoder.decode(Uint8Array.of(byte), { stream: true });
    begun = text === "" ? (begun ?? byte) : null;
  };
  startedCharacter(before.tail, label).forEach(decode);
  for (const byte of bytes) {
    try {
      decode(byte);
    } catch {
      return { line, byte: begun ?? byte };
    }
    if (byte === 0x0a) line += 1;
  }
  return { line, byte: null };
}

/** Bytes at the end of a chunk that are the beginning of a character of UTF-8. */
function startedCharacter(tail: Buffer, label: string): Buffer {
  if (label !== "utf-8") return Buffer.alloc(0);
  const lead = tail.findLastIndex((byte) => byte >= 0xc0);
  if (lead === -1) return Buffer.alloc(0);
  const first = tail[lead] as number;
  const length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  return tail.length - lead < length ? tail.subarray(lead) : Buffer.alloc(0);
}

function refusal(path: string, label: string, { line, byte }: Place): Error {
  const name = label.toUpperCase();
  const what =
    byte === null
      ? "ends within a character"
      : `holds the byte 0x${byte.toString(16).toUpperCase().padStart(2, "0")}`;
  const advice =
    label === "utf-8" ? "; say how it is encoded, for example --encoding windows-1252" : "";
  return appError("badRequest", {
    reason: `${basename(path)} is not ${name}: line ${line} ${what}${advice}`,
  });
}

function linesIn(bytes: Buffer): number {
  let lines = 0;
  for (const byte of bytes) if (byte === 0x0a) lines += 1;
  return lines;
}
