/** How single values lie in PostgreSQL's binary format. */
import { dayMs, postgresEpochMs } from "./type-oids.ts";

/** Writes an integer within +-2^53 as 8 bytes. */
export function setInt64(view: DataView, at: number, value: number): void {
  if (!Number.isSafeInteger(value)) throw new RangeError(`not a safe integer: ${value}`);
  view.setInt32(at, Math.floor(value / 2 ** 32));
  view.setUint32(at + 4, value >>> 0);
}

/** Batches repeat few dates and few ids; parsing each of them anew was a tenth of a batch's encoding. */
const remembered = { dates: new Map<string, number>(), uuids: new Map<string, Buffer>() };
const rememberedMaxCount = 4_096;

function remember<Value>(known: Map<string, Value>, text: string, parse: () => Value): Value {
  const found = known.get(text);
  if (found !== undefined) return found;
  const parsed = parse();
  if (known.size >= rememberedMaxCount) known.clear();
  known.set(text, parsed);
  return parsed;
}

/** Days since 2000-01-01 of `YYYY-MM-DD`, as PostgreSQL keeps dates. */
export function daysOf(text: string): number {
  return remember(remembered.dates, text, () => parseDays(text));
}

function parseDays(text: string): number {
  const days = (Date.parse(`${text}T00:00:00Z`) - postgresEpochMs) / dayMs;
  if (!Number.isInteger(days)) throw new RangeError(`not a date: ${text}`);
  return days;
}

/** Writes the 16 bytes of a uuid in its usual text form. */
export function setUuid(view: DataView, at: number, text: string): void {
  const bytes = remember(remembered.uuids, text, () => parseUuid(text));
  view.setBigUint64(at, bytes.readBigUInt64BE(0));
  view.setBigUint64(at + 8, bytes.readBigUInt64BE(8));
}

function parseUuid(text: string): Buffer {
  const bytes = Buffer.alloc(16);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  let nibble = 0;
  for (let index = 0; index < text.length; index += 1) {
    const digit = hexDigit(text.charCodeAt(index));
    if (digit < 0) continue;
    const byte = nibble >> 1;
    if (nibble % 2 === 0) view.setUint8(byte, digit << 4);
    else view.setUint8(byte, view.getUint8(byte) | digit);
    nibble += 1;
    if (nibble > 32) break;
  }
  if (nibble !== 32) throw new RangeError(`not a uuid: ${text}`);
  return bytes;
}

/** The value of one hexadecimal digit; -1 for a dash. */
function hexDigit(charCode: number): number {
  if (charCode >= 48 && charCode <= 57) return charCode - 48;
  if (charCode >= 97 && charCode <= 102) return charCode - 87;
  if (charCode >= 65 && charCode <= 70) return charCode - 55;
  if (charCode === 45) return -1;
  throw new RangeError(`not a hexadecimal digit: ${String.fromCharCode(charCode)}`);
}
