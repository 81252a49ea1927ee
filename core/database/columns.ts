/**
 * Encodes fields of rows as array parameters in PostgreSQL's binary format. Each column is written in one pass over the
 * rows, without allocations.
 */

import { daysOf, setInt64, setUuid } from "./binary-values.ts";
import type { BindMessage } from "./bind-message.ts";
import { ColumnValueError } from "./database-errors.ts";
import { postgresEpochMs, typeOids } from "./type-oids.ts";

/** One field of a row as a parameter. */
export interface Column<Row> {
  /** Its type in SQL. */
  readonly type: string;
  write(message: BindMessage, rows: readonly Row[]): void;
}

type Get<Row, Value> = (row: Row) => Value;

/** `uuid` from the usual text form. */
export const uuidColumn = <Row>(get: Get<Row, string>): Column<Row> =>
  fixedWidth("uuid", typeOids.uuid, 16, get, setUuid);

/** `integer`. */
export const int4Column = <Row>(get: Get<Row, number | null>): Column<Row> =>
  fixedWidth("integer", typeOids.int4, 4, get, (view, at, value) => view.setInt32(at, value));

/** `smallint`. */
export const int2Column = <Row>(get: Get<Row, number>): Column<Row> =>
  fixedWidth("smallint", typeOids.int2, 2, get, (view, at, value) => view.setInt16(at, value));

/** `boolean`. */
export const boolColumn = <Row>(get: Get<Row, boolean>): Column<Row> =>
  fixedWidth("boolean", typeOids.bool, 1, get, (view, at, value) =>
    view.setUint8(at, value ? 1 : 0),
  );

/** `date` from `YYYY-MM-DD`. */
export const dateColumn = <Row>(get: Get<Row, string>): Column<Row> =>
  fixedWidth("date", typeOids.date, 4, get, (view, at, text) => view.setInt32(at, daysOf(text)));

/** `timestamptz` from UTC milliseconds. */
export const timestamptzColumn = <Row>(get: Get<Row, number | null>): Column<Row> =>
  fixedWidth("timestamptz", typeOids.timestamptz, 8, get, (view, at, ms) =>
    setInt64(view, at, Math.round((ms - postgresEpochMs) * 1000)),
  );

/** `bigint`. */
export const int8Column = <Row>(get: Get<Row, bigint | number>): Column<Row> =>
  fixedWidth("bigint", typeOids.int8, 8, get, setInteger);

/**
 * `bigint`, sent as one null if every row has zero; the statement reads `coalesce(column, 0)`. Most measures of most
 * batches are zero and then cost nothing.
 */
export const sparseInt8Column = <Row>(get: Get<Row, bigint | number>): Column<Row> => ({
  type: "bigint",
  write(message, rows) {
    const start = message.beginArray(typeOids.int8, rows.length, 8);
    // Both 0 and 0n are falsy.
    if (!rows.some(get)) {
      message.nullInstead(start);
      return;
    }
    const { view } = message;
    let { at } = message;
    for (const row of rows) {
      view.setInt32(at, 8);
      setInteger(view, at + 4, get(row));
      at += 12;
    }
    message.at = at;
    message.endArray(start);
  },
});

/** `bytea`. */
export const byteaColumn = <Row>(get: Get<Row, Uint8Array>): Column<Row> => ({
  type: "bytea",
  write(message, rows) {
    const start = message.beginArray(typeOids.bytea, rows.length, 16);
    for (const row of rows) {
      const bytes = get(row);
      message.reserve(4 + bytes.length);
      const { at } = message;
      message.view.setInt32(at, bytes.length);
      message.buffer.set(bytes, at + 4);
      message.at = at + 4 + bytes.length;
    }
    message.endArray(start);
  },
});

/** `bytea` from latin1 text with one character per byte, for keys and hashes. */
export const latin1Column = <Row>(get: Get<Row, string>): Column<Row> => ({
  type: "bytea",
  write(message, rows) {
    const start = message.beginArray(typeOids.bytea, rows.length, 16);
    for (const row of rows) {
      const text = get(row);
      message.reserve(4 + text.length);
      const { at, buffer } = message;
      message.view.setInt32(at, text.length);
      for (let index = 0; index < text.length; index += 1) {
        buffer[at + 4 + index] = text.charCodeAt(index);
      }
      message.at = at + 4 + text.length;
    }
    message.endArray(start);
  },
});

/**
 * `bytea` that is encoded directly into the message. `encode` returns the position after the value. If it is beyond the
 * buffer or negative, there was no room, and `encode` is called again with more.
 */
export const encodedColumn = <Row>(
  encode: (row: Row, buffer: Buffer, at: number) => number,
): Column<Row> => ({
  type: "bytea",
  write(message, rows) {
    const start = message.beginArray(typeOids.bytea, rows.length, encodedBytesGuess);
    for (const row of rows) {
      let room = encodedBytesGuess;
      for (;;) {
        message.reserve(4 + room);
        const from = message.at + 4;
        const to = encode(row, message.buffer, from);
        if (to >= from && to <= message.buffer.length) {
          message.view.setInt32(message.at, to - from);
          message.at = to;
          break;
        }
        room *= 4;
      }
    }
    message.endArray(start);
  },
});

const encodedBytesGuess = 512;

/** `text`. */
export const textColumn = <Row>(get: Get<Row, string>): Column<Row> => ({
  type: "text",
  write(message, rows) {
    const start = message.beginArray(typeOids.text, rows.length, 16);
    for (const row of rows) {
      const text = get(row);
      // A UTF-16 unit takes at most three bytes.
      message.reserve(4 + text.length * 3);
      const { at } = message;
      const bytes = writeText(message.buffer, at + 4, text);
      message.view.setInt32(at, bytes);
      message.at = at + 4 + bytes;
    }
    message.endArray(start);
  },
});

/** Ids and codes are short ASCII text. A loop writes them in half the time of a native call. */
const loopMaxLength = 24;

function writeText(buffer: Buffer, at: number, text: string): number {
  if (text.length > loopMaxLength) return buffer.write(text, at);
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    if (unit > 127) return buffer.write(text, at);
    buffer[at + index] = unit;
  }
  return text.length;
}

const int8Max = 2n ** 63n - 1n;
const int8Min = -int8Max;

function setInteger(view: DataView, at: number, value: bigint | number): void {
  if (typeof value === "number") {
    setInt64(view, at, value);
  } else {
    // Without this check it would be cut to 64 bits silently.
    if (value > int8Max || value < int8Min) throw new ColumnValueError(`${value} is out of range`);
    view.setBigInt64(at, value);
  }
}

function fixedWidth<Row, Value>(
  type: string,
  oid: number,
  width: number,
  get: Get<Row, Value | null>,
  set: (view: DataView, at: number, value: Value) => void,
): Column<Row> {
  return {
    type,
    write(message, rows) {
      const start = message.beginArray(oid, rows.length, width);
      const { view } = message;
      let { at } = message;
      for (const row of rows) {
        const value = get(row);
        if (value === null) {
          view.setInt32(at, -1);
          at += 4;
        } else {
          view.setInt32(at, width);
          set(view, at + 4, value);
          at += 4 + width;
        }
      }
      message.at = at;
      message.endArray(start);
    },
  };
}
