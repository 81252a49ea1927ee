import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { NewRecord } from "../port.ts";
import { makeRecentBatches } from "./recent-batches.ts";

const everything = { maxCount: 1_000_000, maxBytes: 1_000_000_000 };

function recordsOf(count: number, bytesEach = 10): NewRecord[] {
  return Array.from({ length: count }, () => ({ key: "", value: Buffer.alloc(bytesEach) }));
}

describe("the memory of recent batches", () => {
  it("answers exactly the records from an offset on, or nothing", () => {
    const step = fc.record({
      partition: fc.nat(2),
      count: fc.integer({ min: 1, max: 6 }),
      gap: fc.nat(1),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), fc.nat(30), (steps, asked) => {
        const recent = makeRecentBatches(300);
        const next = [0n, 0n, 0n];
        for (const { partition, count, gap } of steps) {
          const baseOffset = (next[partition] as bigint) + BigInt(gap);
          recent.add({ partition, baseOffset, appendedAt: 0, records: recordsOf(count) });
          next[partition] = baseOffset + BigInt(count);
        }
        for (const partition of [0, 1, 2]) {
          const taken = recent.take(partition, BigInt(asked), everything);
          if (taken === undefined) continue;
          const length = Number(next[partition]) - asked;
          expect(taken.map((record) => record.offset)).toEqual(
            Array.from({ length }, (_, index) => BigInt(asked + index)),
          );
        }
      }),
    );
  });

  it("forgets the oldest when it is full, and all before a gap", () => {
    const recent = makeRecentBatches(100);
    const add = (baseOffset: bigint) =>
      recent.add({ partition: 0, baseOffset, appendedAt: 0, records: recordsOf(4) });
    add(0n);
    add(4n);
    add(8n);
    expect(recent.take(0, 0n, everything)).toBeUndefined();
    expect(recent.take(0, 4n, everything)).toHaveLength(8);
    add(20n);
    expect(recent.take(0, 8n, everything)).toBeUndefined();
    expect(recent.take(0, 21n, everything)).toHaveLength(3);
    expect(recent.take(0, 24n, everything)).toBeUndefined();
  });

  it("stops at the limits, at the end of a batch", () => {
    const recent = makeRecentBatches(10_000);
    for (const baseOffset of [0n, 4n, 8n]) {
      recent.add({ partition: 0, baseOffset, appendedAt: 0, records: recordsOf(4) });
    }
    expect(recent.take(0, 0n, { maxCount: 5, maxBytes: 1_000 })).toHaveLength(8);
    expect(recent.take(0, 0n, { maxCount: 100, maxBytes: 1 })).toHaveLength(4);
  });
});
