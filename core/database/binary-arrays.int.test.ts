import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createTestDatabase, type TestDatabase } from "../testing/database.ts";
import * as encode from "./binary-arrays.ts";
import { resultTypes } from "./result-types.ts";

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase({ migrations: null });
});
afterAll(() => db.drop());

const int64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
const instantMs = fc.integer({ min: Date.UTC(1900, 0, 1), max: Date.UTC(2200, 0, 1) });
const date = instantMs.map((ms) => new Date(ms).toISOString().slice(0, 10));
// PostgreSQL's text holds every character but NUL; a lone surrogate is no character.
const text = fc
  .string({ unit: "binary" })
  .map((value) => value.toWellFormed().replaceAll("\0", ""));
const bytes = fc.uint8Array({ maxLength: 40 }).map((value) => Buffer.from(value));

interface Column {
  readonly type: string;
  readonly values: fc.Arbitrary<unknown>;
  readonly encode: (values: never) => Buffer;
}

const columns: readonly Column[] = [
  { type: "bigint", values: int64, encode: encode.int8Array },
  { type: "integer", values: fc.integer(), encode: encode.int4Array },
  { type: "smallint", values: fc.integer({ min: -32768, max: 32767 }), encode: encode.int2Array },
  { type: "boolean", values: fc.boolean(), encode: encode.boolArray },
  { type: "uuid", values: fc.uuid(), encode: encode.uuidArray },
  { type: "bytea", values: bytes, encode: encode.byteaArray },
  { type: "text", values: text, encode: encode.textArray },
  { type: "timestamptz", values: instantMs, encode: encode.timestamptzArray },
  { type: "date", values: date, encode: encode.dateArray },
  { type: "double precision", values: fc.double({ noNaN: true }), encode: encode.float8Array },
];

async function roundTrip(type: string, parameter: Buffer) {
  const result = await db.database.service.query({
    text: `select value, $1::${type}[] as whole from unnest($1::${type}[]) with ordinality as t (value, n) order by n`,
    values: [parameter],
    types: resultTypes,
  });
  return {
    rows: result.rows.map((row) => row.value),
    whole: result.rows[0]?.whole ?? [],
  };
}

for (const column of columns) {
  test(`${column.type}[] comes back whole and by rows as it was sent, nulls included`, async () => {
    const values = fc.array(fc.option(column.values, { nil: null }), { maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(values, async (sent) => {
        const got = await roundTrip(column.type, column.encode(sent as never));
        expect(got.rows).toEqual(sent);
        expect(got.whole).toEqual(sent);
      }),
      { numRuns: 40 },
    );
  });
}

test("whole numbers may be sent as bigint[]", async () => {
  const sent = [0, -1, 2 ** 53 - 1, -(2 ** 53 - 1), 2 ** 32, null];
  const got = await roundTrip("bigint", encode.int8ArrayFromNumbers(sent));
  expect(got.rows).toEqual(sent.map((value) => (value === null ? null : BigInt(value))));
});

test("what does not fit is refused before it is sent", () => {
  expect(() => encode.int8ArrayFromNumbers([1.5])).toThrow(RangeError);
  expect(() => encode.int8Array([2n ** 63n])).not.toThrow(TypeError);
  expect(() => encode.uuidArray(["not-a-uuid"])).toThrow(RangeError);
  expect(() => encode.dateArray(["2026-02-30x"])).toThrow(RangeError);
});

test("sums, arrays and json are read exactly", async () => {
  const result = await db.database.service.query({
    text: `select sum(v) as total, array_agg(v order by v) as parts, '{"a": 1}'::jsonb as json,
             -0.0450::numeric as small, 1234567890123456789.5::numeric as large
           from unnest(array[1, 2, 30000]::bigint[]) as t (v)`,
    types: resultTypes,
  });
  expect(result.rows[0]).toEqual({
    total: "30003",
    parts: [1n, 2n, 30000n],
    json: { a: 1 },
    small: "-0.0450",
    large: "1234567890123456789.5",
  });
});
