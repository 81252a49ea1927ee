/**
 * Encoders from JavaScript arrays to PostgreSQL's binary array format.
 *
 * The driver sends a Buffer parameter as binary, so `unnest($1::bigint[], $2::text[])` gets its columns
 * without being written and parsed as text, which was the largest cost of a batch write in Node.
 * The cast in the statement must name exactly the element type: `text[]`, not `varchar[]`.
 */
import { dayMs, postgresEpochMs, typeOids } from "./type-oids.ts";

type Column<Value> = readonly (Value | null)[];

/** Dimensions, null flag, element type, then length and lower bound of the one dimension. */
const headerBytes = 20;
const lengthBytes = 4;

/** `bigint[]` from bigints. */
export function int8Array(values: Column<bigint>): Buffer {
  return fixedWidth(values, typeOids.int8, 8, (view, at, value) => view.setBigInt64(at, value));
}

/** `bigint[]` from integers within +-2^53, such as counts and milliseconds. */
export function int8ArrayFromNumbers(values: Column<number>): Buffer {
  return fixedWidth(values, typeOids.int8, 8, setInt64);
}

/** `integer[]`. */
export function int4Array(values: Column<number>): Buffer {
  return fixedWidth(values, typeOids.int4, 4, (view, at, value) => view.setInt32(at, value));
}

/** `smallint[]`. */
export function int2Array(values: Column<number>): Buffer {
  return fixedWidth(values, typeOids.int2, 2, (view, at, value) => view.setInt16(at, value));
}

/** `double precision[]`. */
export function float8Array(values: Column<number>): Buffer {
  return fixedWidth(values, typeOids.float8, 8, (view, at, value) => view.setFloat64(at, value));
}

/** `boolean[]`. */
export function boolArray(values: Column<boolean>): Buffer {
  return fixedWidth(values, typeOids.bool, 1, (view, at, value) =>
    view.setUint8(at, value ? 1 : 0),
  );
}

/** `timestamptz[]` from UTC milliseconds. */
export function timestamptzArray(values: Column<number>): Buffer {
  return fixedWidth(values, typeOids.timestamptz, 8, (view, at, ms) =>
    setInt64(view, at, Math.round((ms - postgresEpochMs) * 1000)),
  );
}

/** `date[]` from `YYYY-MM-DD`. */
export function dateArray(values: Column<string>): Buffer {
  return fixedWidth(values, typeOids.date, 4, (view, at, text) => view.setInt32(at, daysOf(text)));
}

/** `uuid[]` from the usual text form. */
export function uuidArray(values: Column<string>): Buffer {
  return fixedWidth(values, typeOids.uuid, 16, setUuid);
}

/** `bytea[]`. */
export function byteaArray(values: Column<Uint8Array>): Buffer {
  const bytes = values.reduce((sum, value) => sum + (value?.length ?? 0), 0);
  return anyWidth(values, typeOids.bytea, bytes, (buffer, at, value) => {
    buffer.set(value, at);
    return value.length;
  });
}

/** `text[]`. */
export function textArray(values: Column<string>): Buffer {
  const bytes = values.reduce(
    (sum, value) => sum + (value === null ? 0 : Buffer.byteLength(value)),
    0,
  );
  return anyWidth(values, typeOids.text, bytes, (buffer, at, value) =>
    buffer.write(value, at, "utf8"),
  );
}

function fixedWidth<Value>(
  values: Column<Value>,
  oid: number,
  width: number,
  set: (view: DataView, at: number, value: Value) => void,
): Buffer {
  const { buffer, view } = allocate(values, oid, values.length * width);
  let at = headerBytes;
  for (const value of values) {
    if (value === null) {
      view.setInt32(at, -1);
      at += lengthBytes;
    } else {
      view.setInt32(at, width);
      set(view, at + lengthBytes, value);
      at += lengthBytes + width;
    }
  }
  return values.length === 0 ? buffer : buffer.subarray(0, at);
}

function anyWidth<Value>(
  values: Column<Value>,
  oid: number,
  bytes: number,
  write: (buffer: Buffer, at: number, value: Value) => number,
): Buffer {
  const { buffer, view } = allocate(values, oid, bytes);
  let at = headerBytes;
  for (const value of values) {
    const length = value === null ? -1 : write(buffer, at + lengthBytes, value);
    view.setInt32(at, length);
    at += lengthBytes + Math.max(length, 0);
  }
  return buffer;
}

function allocate(values: Column<unknown>, oid: number, valueBytes: number) {
  const dimensions = values.length === 0 ? 0 : 1;
  const bytes = dimensions === 0 ? 12 : headerBytes + values.length * lengthBytes + valueBytes;
  const buffer = Buffer.allocUnsafe(bytes);
  const view = new DataView(buffer.buffer, buffer.byteOffset, buffer.length);
  view.setInt32(0, dimensions);
  view.setInt32(4, values.includes(null) ? 1 : 0);
  view.setInt32(8, oid);
  if (dimensions === 1) {
    view.setInt32(12, values.length);
    view.setInt32(16, 1);
  }
  return { buffer, view };
}

function setInt64(view: DataView, at: number, value: number): void {
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

function daysOf(text: string): number {
  return remember(remembered.dates, text, () => parseDays(text));
}

function parseDays(text: string): number {
  const days = (Date.parse(`${text}T00:00:00Z`) - postgresEpochMs) / dayMs;
  if (!Number.isInteger(days)) throw new RangeError(`not a date: ${text}`);
  return days;
}

function setUuid(view: DataView, at: number, text: string): void {
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
