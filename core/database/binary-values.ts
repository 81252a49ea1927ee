/** Encoders of single values in PostgreSQL's binary format. */
import { ColumnValueError } from "./database-errors.ts";
import { dayMs, postgresEpochMs } from "./type-oids.ts";

/** Writes an integer within +-2^53 as 8 bytes. */
export function setInt64(view: DataView, at: number, value: number): void {
  if (!Number.isSafeInteger(value)) throw new ColumnValueError(`not a safe integer: ${value}`);
  view.setInt32(at, Math.floor(value / 2 ** 32));
  view.setUint32(at + 4, value >>> 0);
}

/** Caches values, because batches repeat few dates and ids. Parsing each one took a tenth of a batch's encoding. */
const remembered = { dates: new Map<string, number>(), uuids: new Map<string, Uuid>() };
const rememberedMaxCount = 4_096;

function remember<Value>(
  known: Map<string, Value>,
  text: string,
  parse: (text: string) => Value,
): Value {
  const found = known.get(text);
  if (found !== undefined) return found;
  const parsed = parse(text);
  if (known.size >= rememberedMaxCount) known.clear();
  known.set(text, parsed);
  return parsed;
}

/** Days from 2000-01-01 to a `YYYY-MM-DD` date, as PostgreSQL stores dates. */
export function daysOf(text: string): number {
  return remember(remembered.dates, text, parseDays);
}

function parseDays(text: string): number {
  const days = (Date.parse(`${text}T00:00:00Z`) - postgresEpochMs) / dayMs;
  if (!Number.isInteger(days)) throw new ColumnValueError(`not a date: ${text}`);
  return days;
}

/** Writes the 16 bytes of a uuid in its usual text form. */
export function setUuid(view: DataView, at: number, text: string): void {
  const words = remember(remembered.uuids, text, parseUuid);
  view.setInt32(at, words[0]);
  view.setInt32(at + 4, words[1]);
  view.setInt32(at + 8, words[2]);
  view.setInt32(at + 12, words[3]);
}

/** The 16 bytes as four numbers. Two bigints were a tenth of the memory that a batch allocated. */
type Uuid = readonly [number, number, number, number];

function parseUuid(text: string): Uuid {
  const view = new DataView(new ArrayBuffer(16));
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
  if (nibble !== 32) throw new ColumnValueError(`not a uuid: ${text}`);
  return [view.getInt32(0), view.getInt32(4), view.getInt32(8), view.getInt32(12)];
}

/** The value of one hexadecimal digit; -1 for a dash. */
function hexDigit(charCode: number): number {
  if (charCode >= 48 && charCode <= 57) return charCode - 48;
  if (charCode >= 97 && charCode <= 102) return charCode - 87;
  if (charCode >= 65 && charCode <= 70) return charCode - 55;
  if (charCode === 45) return -1;
  throw new ColumnValueError(`not a hexadecimal digit: ${String.fromCharCode(charCode)}`);
}
