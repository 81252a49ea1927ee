/**
 * Parsers for PostgreSQL's binary result format, for statements sent with `binary: true`:
 *
 * @example
 * pool.query({ text: statement, values, binary: true, types: binaryTypes } as QueryConfig)
 */
import type { CustomTypesConfig } from "pg";
import { dayMs, elementOids, postgresEpochMs, typeOids } from "./type-oids.ts";

type Parser = (bytes: Buffer) => unknown;

const parseText: Parser = (bytes) => bytes.toString("utf8");

const parsers: Readonly<Record<number, Parser>> = {
  [typeOids.bool]: (bytes) => bytes[0] === 1,
  [typeOids.bytea]: (bytes) => bytes,
  [typeOids.char]: parseText,
  [typeOids.name]: parseText,
  [typeOids.int8]: (bytes) => bytes.readBigInt64BE(0),
  [typeOids.int2]: (bytes) => bytes.readInt16BE(0),
  [typeOids.int4]: (bytes) => bytes.readInt32BE(0),
  [typeOids.text]: parseText,
  [typeOids.oid]: (bytes) => bytes.readUInt32BE(0),
  [typeOids.json]: (bytes) => JSON.parse(bytes.toString("utf8")),
  [typeOids.float4]: (bytes) => bytes.readFloatBE(0),
  [typeOids.float8]: (bytes) => bytes.readDoubleBE(0),
  [typeOids.bpchar]: parseText,
  [typeOids.varchar]: parseText,
  [typeOids.date]: (bytes) =>
    new Date(bytes.readInt32BE(0) * dayMs + postgresEpochMs).toISOString().slice(0, 10),
  [typeOids.timestamptz]: parseInstant,
  [typeOids.numeric]: parseNumeric,
  [typeOids.void]: () => undefined,
  [typeOids.uuid]: parseUuid,
  // The first byte is the format's version.
  [typeOids.jsonb]: (bytes) => JSON.parse(bytes.toString("utf8", 1)),
};

/**
 * int8 -> bigint; int2, int4, float -> number; timestamptz -> UTC ms; date -> `YYYY-MM-DD`;
 * uuid, text, numeric -> string; bytea -> Buffer; json -> value; and arrays of these.
 */
export const binaryTypes: CustomTypesConfig = {
  getTypeParser(oid: number, format?: "text" | "binary"): Parser {
    if (format !== "binary") return (text: unknown) => text;
    const elementOid = elementOids[oid];
    const parser = parsers[elementOid ?? oid];
    if (parser === undefined) throw new Error(`no binary parser for type ${oid}; cast it`);
    return elementOid === undefined ? parser : (bytes) => parseArray(bytes, parser);
  },
} as CustomTypesConfig;

function parseInstant(bytes: Buffer): number {
  const micros = bytes.readInt32BE(0) * 2 ** 32 + bytes.readUInt32BE(4);
  return Math.floor(micros / 1000) + postgresEpochMs;
}

function parseUuid(bytes: Buffer): string {
  const hex = bytes.toString("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** A numeric is sign, weight and base-10000 digits; it becomes exact decimal text. */
function parseNumeric(bytes: Buffer): string {
  const digitCount = bytes.readUInt16BE(0);
  const weight = bytes.readInt16BE(2);
  const sign = bytes.readUInt16BE(4);
  const scale = bytes.readUInt16BE(6);
  if (sign === 0xc000) return "NaN";
  if (sign === 0xd000) return "Infinity";
  if (sign === 0xf000) return "-Infinity";
  const group = (index: number) =>
    (index >= 0 && index < digitCount ? bytes.readUInt16BE(8 + index * 2) : 0)
      .toString()
      .padStart(4, "0");
  let whole = "";
  for (let index = 0; index <= weight; index += 1) whole += group(index);
  let fraction = "";
  for (let index = weight + 1; fraction.length < scale; index += 1) fraction += group(index);
  const text = whole.replace(/^0+(?=\d)/, "") || "0";
  const point = scale > 0 ? `.${fraction.slice(0, scale)}` : "";
  return `${sign === 0x4000 ? "-" : ""}${text}${point}`;
}

function parseArray(bytes: Buffer, parse: Parser): unknown[] {
  const dimensions = bytes.readInt32BE(0);
  if (dimensions === 0) return [];
  if (dimensions > 1) throw new Error("arrays of arrays are not read in binary");
  const values: unknown[] = [];
  const count = bytes.readInt32BE(12);
  let at = 20;
  for (let index = 0; index < count; index += 1) {
    const length = bytes.readInt32BE(at);
    at += 4;
    values.push(length < 0 ? null : parse(bytes.subarray(at, at + length)));
    at += Math.max(length, 0);
  }
  return values;
}
