import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { NewRecord } from "../port.ts";
import { type BatchRow, decodeRecords, encodeRecords } from "./record-layout.ts";

const text = fc.string({ unit: "grapheme", maxLength: 300 });
const newRecord: fc.Arbitrary<NewRecord> = fc.record(
  {
    key: text,
    value: fc.uint8Array({ maxLength: 2_000 }).map((bytes) => Buffer.from(bytes)),
    headers: fc.dictionary(text, text, { maxKeys: 4 }),
  },
  { requiredKeys: ["key", "value"] },
);
const newRecords = fc.array(newRecord, { minLength: 1, maxLength: 20 });

function rowOf(records: readonly NewRecord[], payload = encodeRecords(records)): BatchRow {
  return { partition: 3, baseOffset: 40n, recordCount: records.length, appendedAt: 7, payload };
}

describe("the framing of a record batch", () => {
  it("gives back what was put in, with offsets counted up from the base", () => {
    fc.assert(
      fc.property(newRecords, (records) => {
        const decoded = decodeRecords(rowOf(records));
        expect(decoded).toEqual(
          records.map((record, index) => ({
            partition: 3,
            offset: 40n + BigInt(index),
            key: record.key,
            value: record.value,
            headers: { ...record.headers },
            appendedAt: 7,
          })),
        );
      }),
      { numRuns: 200 },
    );
  });

  it("refuses a payload that is cut short or too long instead of guessing", () => {
    fc.assert(
      fc.property(newRecords, fc.nat(), (records, at) => {
        const payload = encodeRecords(records);
        const cut = payload.subarray(0, at % payload.length);
        expect(() => decodeRecords(rowOf(records, cut))).toThrow("cannot be decoded");
        const long = Buffer.concat([payload, Buffer.from([0])]);
        expect(() => decodeRecords(rowOf(records, long))).toThrow("cannot be decoded");
      }),
    );
  });

  it("refuses a version and a count that it does not know", () => {
    const records = [{ key: "k", value: Buffer.from("v") }];
    const other = encodeRecords(records);
    other[0] = 9;
    expect(() => decodeRecords(rowOf(records, other))).toThrow("version 9 is unknown");
    expect(() => decodeRecords({ ...rowOf(records), recordCount: 2 })).toThrow("counts differ");
  });
});
