/**
 * The layout of a batch of records in one `bytea`: a version byte, the record count, then each record's key,
 * value and headers, each after its length as a varint. Offsets are not stored; they count up from the
 * batch's base offset.
 */

import { appError } from "@tillcast/core";
import type { LogRecord, NewRecord } from "../port.ts";

const layoutVersion = 1;
const noHeaders: Readonly<Record<string, string>> = Object.freeze({});

/** A batch's row, with its payload. */
export interface BatchRow {
  readonly partition: number;
  readonly baseOffset: bigint;
  readonly recordCount: number;
  readonly appendedAt: number;
  readonly payload: Buffer;
}

/** Encodes records into one payload. */
export function encodeRecords(records: readonly NewRecord[]): Buffer {
  const payload = Buffer.allocUnsafe(payloadSize(records));
  payload[0] = layoutVersion;
  let at = writeVarint(payload, 1, records.length);
  for (const record of records) {
    at = writeText(payload, at, record.key);
    at = writeVarint(payload, at, record.value.length);
    at += record.value.copy(payload, at);
    const headers = headersOf(record);
    at = writeVarint(payload, at, headers.length);
    for (const [name, text] of headers) {
      at = writeText(payload, at, name);
      at = writeText(payload, at, text);
    }
  }
  if (at !== payload.length) throw undecodable(`wrote ${at} of ${payload.length} bytes`);
  return payload;
}

/** Decodes a batch. Values are views into the payload, not copies. */
export function decodeRecords(row: BatchRow): LogRecord[] {
  const cursor = { payload: row.payload, at: 1 };
  if (row.payload[0] !== layoutVersion) throw undecodable(`version ${row.payload[0]} is unknown`);
  if (readVarint(cursor) !== row.recordCount) throw undecodable("the record counts differ");
  const records: LogRecord[] = new Array(row.recordCount);
  for (let index = 0; index < row.recordCount; index += 1) {
    records[index] = {
      partition: row.partition,
      offset: row.baseOffset + BigInt(index),
      key: readText(cursor),
      value: readBytes(cursor),
      headers: readHeaders(cursor),
      appendedAt: row.appendedAt,
    };
  }
  if (cursor.at !== row.payload.length) throw undecodable("bytes are left over");
  return records;
}

interface Cursor {
  readonly payload: Buffer;
  at: number;
}

function headersOf(record: NewRecord): readonly (readonly [string, string])[] {
  return record.headers === undefined ? [] : Object.entries(record.headers);
}

function payloadSize(records: readonly NewRecord[]): number {
  let size = 1 + varintSize(records.length);
  for (const record of records) {
    const headers = headersOf(record);
    size += textSize(record.key) + varintSize(record.value.length) + record.value.length;
    size += varintSize(headers.length);
    for (const [name, text] of headers) size += textSize(name) + textSize(text);
  }
  return size;
}

function textSize(text: string): number {
  const bytes = Buffer.byteLength(text);
  return varintSize(bytes) + bytes;
}

function writeText(payload: Buffer, start: number, text: string): number {
  const at = writeVarint(payload, start, Buffer.byteLength(text));
  return at + payload.write(text, at, "utf8");
}

function varintSize(value: number): number {
  let size = 1;
  for (let rest = value; rest >= 0x80; rest = Math.floor(rest / 0x80)) size += 1;
  return size;
}

function writeVarint(payload: Buffer, start: number, value: number): number {
  let at = start;
  let rest = value;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) {
    payload[at] = (rest % 0x80) | 0x80;
    at += 1;
  }
  payload[at] = rest;
  return at + 1;
}

function readVarint(cursor: Cursor): number {
  let value = 0;
  for (let factor = 1; factor < 2 ** 35; factor *= 0x80) {
    const byte = cursor.payload[cursor.at];
    if (byte === undefined) break;
    cursor.at += 1;
    value += (byte & 0x7f) * factor;
    if (byte < 0x80) return value;
  }
  throw undecodable("a length is cut off");
}

function readBytes(cursor: Cursor): Buffer {
  const start = skipField(cursor);
  return cursor.payload.subarray(start, cursor.at);
}

function readText(cursor: Cursor): string {
  const start = skipField(cursor);
  return cursor.payload.toString("utf8", start, cursor.at);
}

/** Moves the cursor past a field. Returns where the field's bytes start. */
function skipField(cursor: Cursor): number {
  const length = readVarint(cursor);
  const start = cursor.at;
  if (start + length > cursor.payload.length) throw undecodable("a field is cut off");
  cursor.at = start + length;
  return start;
}

function readHeaders(cursor: Cursor): Readonly<Record<string, string>> {
  const count = readVarint(cursor);
  if (count === 0) return noHeaders;
  const headers: [string, string][] = [];
  for (let index = 0; index < count; index += 1) {
    headers.push([readText(cursor), readText(cursor)]);
  }
  // fromEntries defines own properties, so that a header named __proto__ stays a header.
  return Object.fromEntries(headers);
}

function undecodable(reason: string): Error {
  return appError("undecodable", { what: "A record batch of the event log", reason });
}
