/** Files of table rows in COPY's text format, compressed, with a digest of the file's bytes. */

import { createHash } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import { constants, createZstdCompress, createZstdDecompress } from "node:zlib";
import { appError } from "@tillcast/core";

/** The digest of one file in a manifest, which detects any changed byte. */
export interface FileDigest {
  readonly bytes: number;
  readonly sha256: string;
}

/** A file that is being written. */
export interface RowFile {
  write(rows: Buffer): Promise<void>;
  /** Resolves when the file is complete and synced to disk. */
  close(): Promise<FileDigest>;
}

/** It takes a third of gzip's time and gives a smaller file. Higher levels gain little on hexadecimal text. */
const zstdLevel = 3;

/** Creates a new file that only its owner can read. */
export function createRowFile(path: string): RowFile {
  const compress = createZstdCompress({
    params: { [constants.ZSTD_c_compressionLevel]: zstdLevel },
  });
  const digest = createHash("sha256");
  let bytes = 0;
  const written = pipeline(
    compress,
    async function* (chunks: AsyncIterable<Buffer>) {
      for await (const chunk of chunks) {
        digest.update(chunk);
        bytes += chunk.length;
        yield chunk;
      }
    },
    createWriteStream(path, { flags: "wx", mode: 0o600, flush: true }),
  );
  // The next write throws this error.
  written.catch(() => undefined);
  return {
    async write(rows) {
      if (rows.length === 0) return;
      const accepted = new Promise<void>((resolve, reject) => {
        compress.write(rows, (error) => (error ? reject(error) : resolve()));
      });
      await Promise.race([accepted, written]);
    },
    async close() {
      compress.end();
      await written;
      return { bytes, sha256: digest.digest("hex") };
    },
  };
}

/** Reads a whole file and compares it with its digest. Throws `damaged` if they differ. */
export async function checkFile(path: string, expected: FileDigest): Promise<void> {
  const digest = createHash("sha256");
  let bytes = 0;
  try {
    for await (const chunk of createReadStream(path)) {
      digest.update(chunk as Buffer);
      bytes += (chunk as Buffer).length;
    }
  } catch (cause) {
    throw appError("damaged", { file: path, reason: (cause as Error).message }, { cause });
  }
  if (bytes !== expected.bytes) {
    throw appError("damaged", {
      file: path,
      reason: `it has ${bytes} bytes, its manifest says ${expected.bytes}`,
    });
  }
  if (digest.digest("hex") !== expected.sha256) {
    throw appError("damaged", { file: path, reason: "its digest is not the manifest's" });
  }
}

const newline = 0x0a;

/** Yields a file's rows in whole lines, at least `bytesMin` at a time except for the last. */
export async function* readRows(path: string, bytesMin: number): AsyncGenerator<Buffer> {
  const decompress = createZstdDecompress();
  const reading = pipeline(createReadStream(path), decompress);
  reading.catch(() => undefined);
  let waiting: Buffer[] = [];
  let size = 0;
  for await (const chunk of decompress as AsyncIterable<Buffer>) {
    waiting.push(chunk);
    size += chunk.length;
    const end = size < bytesMin ? -1 : chunk.lastIndexOf(newline);
    if (end < 0) continue;
    const whole = Buffer.concat(waiting);
    const cut = size - chunk.length + end + 1;
    yield whole.subarray(0, cut);
    waiting = [whole.subarray(cut)];
    size -= cut;
  }
  await reading;
  if (size > 0) yield Buffer.concat(waiting);
}

/** Rows in COPY's text format. Each ends with a newline; newlines in values are written as `\n`. */
export function countRows(rows: Buffer): number {
  let count = 0;
  for (let at = rows.indexOf(newline); at >= 0; at = rows.indexOf(newline, at + 1)) count += 1;
  return count;
}
