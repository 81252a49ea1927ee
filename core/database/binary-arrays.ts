/**
 * Encoders from JavaScript arrays to PostgreSQL's binary array format.
 *
 * The driver sends a Buffer parameter as binary. `unnest($1::bigint[], $2::text[])` then needs no text format, which was
 * the largest cost of a batch write in Node. The cast in the statement must name the exact element type: `text[]`,
 * not `varchar[]`.
 */
import { daysOf, setInt64, setUuid } from "./binary-values.ts";
import { postgresEpochMs, typeOids } from "./type-oids.ts";

type Column<Value> = readonly (Value | null)[];

/** Bytes before the elements: dimensions, null flag, element type, length and lower bound. */
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
