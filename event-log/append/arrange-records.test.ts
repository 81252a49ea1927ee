import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { groupByPartition, measureRecords, splitRecords } from "./arrange-records.ts";

const newRecord = fc.record({
  key: fc.string({ maxLength: 3 }),
  value: fc.nat(60).map((size) => Buffer.alloc(size)),
});
const limits = { appendBatchMaxCount: 5, appendBatchMaxBytes: 100 };

describe("arranging an append", () => {
  it("cuts it into parts within the limits, which together are the whole in order", () => {
    fc.assert(
      fc.property(fc.array(newRecord), (records) => {
        const parts = splitRecords(records, limits);
        expect(parts.flatMap((part) => part.records)).toEqual(records);
        for (const part of parts) {
          expect(part.bytes).toBe(measureRecords(part.records, { recordMaxBytes: 100 }));
          expect(part.records.length).toBeLessThanOrEqual(5);
          expect(part.records.length === 1 || part.bytes <= 100).toBe(true);
        }
      }),
    );
  });

  it("sorts records by partition in ascending order and finds each one again", () => {
    fc.assert(
      fc.property(fc.array(newRecord), (records) => {
        const { parts, indexes } = groupByPartition(records, (key) => key.length);
        const partitions = parts.map((part) => part.partition);
        expect(partitions).toEqual([...new Set(partitions)].sort((a, b) => a - b));
        indexes.forEach(({ part, index }, at) => {
          expect(parts[part]?.records[index]).toBe(records[at]);
          expect(parts[part]?.partition).toBe(records[at]?.key.length);
        });
      }),
    );
  });

  it("refuses a record above the limit, by its size", () => {
    const records = [{ key: "k", value: Buffer.alloc(200) }];
    expect(() => measureRecords(records, { recordMaxBytes: 100 })).toThrow(
      "A record is larger than the limit of 100 bytes.",
    );
  });
});
