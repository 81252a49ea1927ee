/** Reads the one file of a plain zip archive; enough for data sets, with no package for it. */
import { inflateRawSync } from "node:zlib";

const endOfDirectory = 0x06054b50;
const directoryEntry = 0x02014b50;
const endMinBytes = 22;
const stored = 0;
const deflated = 8;

/** The bytes of the first file in the archive. Throws when it is encrypted, cut off or no zip. */
export function firstFileOfZip(zip: Buffer): Buffer {
  const entry = zip.readUInt32LE(endOffset(zip) + 16);
  if (zip.readUInt32LE(entry) !== directoryEntry) throw new Error("The zip's directory is broken.");
  const isEncrypted = (zip.readUInt16LE(entry + 8) & 1) === 1;
  if (isEncrypted) throw new Error("The zip is encrypted.");
  const method = zip.readUInt16LE(entry + 10);
  const packedBytes = zip.readUInt32LE(entry + 20);
  const local = zip.readUInt32LE(entry + 42);
  // The local header repeats the name and has extra fields of its own length.
  const from = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
  const packed = zip.subarray(from, from + packedBytes);
  if (method === stored) return packed;
  if (method === deflated) return inflateRawSync(packed);
  throw new Error(`The zip uses the compression method ${method}, which is not read.`);
}

/** The directory's end lies before an optional comment, so it is looked for from behind. */
function endOffset(zip: Buffer): number {
  for (let at = zip.length - endMinBytes; at >= 0; at--) {
    if (zip.readUInt32LE(at) === endOfDirectory) return at;
  }
  throw new Error("This is no zip archive.");
}
