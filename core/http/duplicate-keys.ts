/**
 * Finds a key that stands twice in one object of a JSON text: `JSON.parse` keeps the last and says nothing,
 * so that a bill with two totals would be one with the second. Pure.
 *
 * Whether there is one is told by two counts, of the keys written and of the keys read, which costs about a
 * third of the parsing; only a text whose counts differ is read key by key.
 */
export function duplicateKey(bytes: Uint8Array, value: unknown): string | undefined {
  return keysWritten(bytes) === keysRead(value) ? undefined : firstDuplicate(bytes);
}

const quote = 0x22;
const backslash = 0x5c;
const colon = 0x3a;
const openBrace = 0x7b;
const closeBrace = 0x7d;

/** Colons outside strings. Bytes above ASCII are parts of letters, and letters stand in strings only. */
function keysWritten(bytes: Uint8Array): number {
  let count = 0;
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at];
    if (byte === colon) count += 1;
    else if (byte === quote) at = endOfString(bytes, at);
  }
  return count;
}

/** The closing quote of the string that opens at `from`. */
function endOfString(bytes: Uint8Array, from: number): number {
  let at = from + 1;
  while (at < bytes.length && bytes[at] !== quote) at += bytes[at] === backslash ? 2 : 1;
  return at;
}

/** Not recursive: a body may nest deeper than calls may. */
function keysRead(value: unknown): number {
  const left: object[] = [];
  const look = (item: unknown) => {
    if (typeof item === "object" && item !== null) left.push(item);
  };
  look(value);
  let count = 0;
  for (let at = left.pop(); at !== undefined; at = left.pop()) {
    if (Array.isArray(at)) {
      for (const item of at) look(item);
      continue;
    }
    for (const key in at) {
      count += 1;
      look((at as Record<string, unknown>)[key]);
    }
  }
  return count;
}

/** The text is valid JSON, so that a string before a colon is a key of the innermost object. */
function firstDuplicate(bytes: Uint8Array): string | undefined {
  const text = new TextDecoder();
  const objects: Set<string>[] = [];
  let lastString = "";
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at];
    if (byte === openBrace) objects.push(new Set());
    else if (byte === closeBrace) objects.pop();
    else if (byte === quote) {
      const end = endOfString(bytes, at);
      lastString = text.decode(bytes.subarray(at, end + 1));
      at = end;
    } else if (byte === colon) {
      const key = JSON.parse(lastString) as string;
      if (objects.at(-1)?.has(key)) return key;
      objects.at(-1)?.add(key);
    }
  }
  return undefined;
}
