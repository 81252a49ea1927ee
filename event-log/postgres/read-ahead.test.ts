import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { LogRecord } from "../port.ts";
import { makeLogEnds } from "./ends.ts";
import { makeReadAhead } from "./read-ahead.ts";
import type { ReadRecords } from "./read-records.ts";

const topic = { topic: "t", topicId: "id", ordinal: 1, partitions: 1 };
const never = new AbortController().signal;
const limits = { batchMaxCount: 7, batchMaxBytes: 1_000, partitionsAtOnce: 1 };

function recordAt(offset: bigint): LogRecord {
  return { partition: 0, offset, key: "k", value: Buffer.alloc(10), headers: {}, appendedAt: 0 };
}

/** A log of batches of the given sizes that counts what was read and not yet taken. */
function makeLog(sizes: readonly number[]) {
  const bases: number[] = [];
  let end = 0;
  for (const size of sizes) {
    bases.push(end);
    end += size;
  }
  const stats = { read: 0, statements: 0 };
  const read: ReadRecords = async (_topic, _partition, from, { maxCount }) => {
    const records: LogRecord[] = [];
    bases.forEach((base, index) => {
      if (records.length >= maxCount) return;
      for (let at = base; at < base + (sizes[index] ?? 0); at += 1) {
        if (BigInt(at) >= from) records.push(recordAt(BigInt(at)));
      }
    });
    stats.read += records.length;
    stats.statements += 1;
    return records;
  };
  return { read, end, stats };
}

describe("the reader of a partition", () => {
  it("hands on every record once and in order, and holds a bounded number ahead of its reader", async () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(sizes, async (batchSizes) => {
        const { read, end, stats } = makeLog(batchSizes);
        const ends = makeLogEnds();
        ends.advance(topic.ordinal, 0, BigInt(end));
        const reader = makeReadAhead({ read, ends, topic, partition: 0, limits }, 0n);
        const taken: bigint[] = [];
        while (taken.length < end) {
          const batch = (await reader.take(never))?.records ?? [];
          expect(batch.length).toBeGreaterThan(0);
          expect(batch.length).toBeLessThanOrEqual(7);
          taken.push(...batch.map(({ offset }) => offset));
          expect(stats.read - taken.length).toBeLessThanOrEqual(2 * (7 + 12));
        }
        expect(taken).toEqual(Array.from({ length: end }, (_, offset) => BigInt(offset)));
      }),
    );
  });

  it("refuses a gap instead of stepping over it", async () => {
    const ends = makeLogEnds();
    ends.advance(topic.ordinal, 0, 10n);
    const read: ReadRecords = async () => [recordAt(3n)];
    const reader = makeReadAhead({ read, ends, topic, partition: 0, limits }, 0n);
    await expect(reader.take(never)).rejects.toThrow("has 3 where 0 should be");
  });
});
