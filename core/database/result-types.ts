/**
 * Parsers from PostgreSQL's text results to the values used inside.
 *
 * Results are text, because the driver decodes every column as UTF-8, which destroys binary values. Parameters are sent
 * in binary (`binary-arrays.ts`).
 *
 * @example
 * pool.query({ text: statement, values, types: resultTypes })
 */
import type { CustomTypesConfig } from "pg";
import { elementOids, typeOids } from "./type-oids.ts";

type Parser = (text: string) => unknown;

const asText: Parser = (text) => text;

const parsers: Readonly<Record<number, Parser>> = {
  [typeOids.bool]: (text) => text === "t",
  [typeOids.bytea]: (text) => Buffer.from(text.slice(2), "hex"),
  [typeOids.int8]: BigInt,
  [typeOids.int2]: Number,
  [typeOids.int4]: Number,
  [typeOids.oid]: Number,
  [typeOids.json]: (text) => JSON.parse(text),
  [typeOids.jsonb]: (text) => JSON.parse(text),
  [typeOids.float4]: Number,
  [typeOids.float8]: Number,
  [typeOids.timestamptz]: parseInstant,
};

/**
 * int8 -> bigint; int2, int4, float -> number; timestamptz -> UTC ms; bytea -> Buffer; json -> value;
 * date (`YYYY-MM-DD`), uuid, text and numeric stay text; and arrays of these.
 */
export const resultTypes: CustomTypesConfig = {
  getTypeParser(oid: number, format?: string): Parser {
    if (format === "binary") throw new Error("binary results cannot be read; leave out `binary`");
    const elementOid = elementOids[oid];
    if (elementOid === undefined) return parsers[oid] ?? asText;
    const parser = parsers[elementOid] ?? asText;
    return (text) => parseArray(text, parser);
  },
} as CustomTypesConfig;

/** Parses `2026-11-21 09:36:14.123456+00`. Sessions use UTC, so other offsets do not occur. */
function parseInstant(text: string): number {
  const isCommon = text.endsWith("+00") && text.charCodeAt(4) === 45 && text.charCodeAt(13) === 58;
  if (!isCommon) throw new RangeError(`not an instant in UTC: ${text}`);
  const fraction = text.length > 22 ? Number(text.slice(19, -3)) * 1000 : 0;
  const seconds = Date.UTC(
    Number(text.slice(0, 4)),
    Number(text.slice(5, 7)) - 1,
    Number(text.slice(8, 10)),
    Number(text.slice(11, 13)),
    Number(text.slice(14, 16)),
    Number(text.slice(17, 19)),
  );
  return seconds + Math.floor(fraction + 1e-6);
}

function parseArray(text: string, parse: Parser): unknown[] {
  if (text === "{}") return [];
  if (text.includes('"')) return parseQuotedArray(text, parse);
  if (text.startsWith("[") || text.startsWith("{{")) {
    throw new RangeError("arrays of arrays, and of other lower bounds than 1, are not read");
  }
  return text
    .slice(1, -1)
    .split(",")
    .map((part) => (part === "NULL" ? null : parse(part)));
}

/** Elements with commas, braces or spaces stand in quotes, with a backslash before `"` and `\\`. */
const quotedElement = /"((?:[^"\\]|\\.)*)"|([^,{}"]+)/gs;

function parseQuotedArray(text: string, parse: Parser): unknown[] {
  const values: unknown[] = [];
  for (const [, quoted, plain] of text.matchAll(quotedElement)) {
    if (quoted !== undefined) values.push(parse(quoted.replaceAll(/\\(.)/gs, "$1")));
    else values.push(plain === "NULL" ? null : parse(plain ?? ""));
  }
  return values;
}
