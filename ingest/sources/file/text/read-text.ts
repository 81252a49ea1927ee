import { createReadStream } from "node:fs";
import { open } from "node:fs/promises";
import { basename } from "node:path";
import { appError } from "@tillcast/core";

/** Encodings that a person may name. Otherwise a file must be UTF-8 or start with a byte order mark. */
export const encodings = ["utf-8", "utf-16", "windows-1252", "iso-8859-1"] as const;
export type Encoding = (typeof encodings)[number];

/**
 * Reads a file's text in chunks. A byte that is invalid in the file's encoding refuses the whole file, with line
 * and byte, before any row counts: a lost letter may be the one that distinguishes two bills.
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
      throw refusal(path, label, findTextFault(bytes, before, label));
    }
  }
}

/** The file's encoding: from its byte order mark, else as a person said, else UTF-8. */
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

interface TextFault {
  /** Counted from 1. */
  readonly line: number;
  /** The first invalid byte; null if the file ends within a character. */
  readonly byte: number | null;
}

/**
 * Decodes byte by byte to find the first byte of an invalid character. The character may start in the chunk
 * before.
 */
function findTextFault(
  bytes: Buffer,
  before: { readonly lines: number; readonly tail: Buffer },
  label: string,
): TextFault {
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

/** The bytes at the end of a chunk that start a UTF-8 character. */
function startedCharacter(tail: Buffer, label: string): Buffer {
  if (label !== "utf-8") return Buffer.alloc(0);
  const lead = tail.findLastIndex((byte) => byte >= 0xc0);
  if (lead === -1) return Buffer.alloc(0);
  const first = tail[lead] as number;
  const length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  return tail.length - lead < length ? tail.subarray(lead) : Buffer.alloc(0);
}

function refusal(path: string, label: string, { line, byte }: TextFault): Error {
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
