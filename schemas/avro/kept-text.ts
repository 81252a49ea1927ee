const replacement = "\uFFFD";
/** The bytes of U+FFFD, which stand in an encoded value wherever one of its texts has it. */
export const REPLACEMENT_BYTES: Buffer = Buffer.from(replacement);

/**
 * Whether every text of a decoded value stands in its bytes as it is. Decoding turns what is no UTF-8 into
 * U+FFFD without a word, so that two names which differ in such a letter become one; a text that has U+FFFD
 * is therefore looked for, with its length before it, among the bytes.
 */
export function isTextKept(value: unknown, bytes: Uint8Array): boolean {
  const doubtful = new Map<string, number>();
  countReplaced(value, doubtful);
  for (const [text, count] of doubtful) {
    if (
      occurrences(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length), written(text)) < count
    ) {
      return false;
    }
  }
  return true;
}

function countReplaced(value: unknown, counts: Map<string, number>): void {
  if (typeof value === "string") {
    if (value.includes(replacement)) counts.set(value, (counts.get(value) ?? 0) + 1);
    return;
  }
  if (typeof value !== "object" || value === null) return;
  for (const part of Object.values(value)) countReplaced(part, counts);
}

/** A text as Avro writes it: its length as a zigzag varint, then its bytes. */
function written(text: string): Buffer {
  const bytes = Buffer.from(text);
  const length: number[] = [];
  let rest = bytes.length * 2;
  for (; rest > 0x7f; rest = Math.floor(rest / 128)) length.push((rest % 128) | 0x80);
  return Buffer.concat([Buffer.from([...length, rest]), bytes]);
}

function occurrences(bytes: Buffer, needle: Buffer): number {
  let count = 0;
  for (let at = bytes.indexOf(needle); at >= 0; at = bytes.indexOf(needle, at + needle.length)) {
    count += 1;
  }
  return count;
}
