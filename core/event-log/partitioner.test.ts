import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { makePartitioner, murmur2, partitionOf } from "./partitioner.ts";

/** Published in Apache Kafka's `UtilsTest.testMurmur2`. */
const vectors: readonly (readonly [string, number])[] = [
  ["21", -973932308],
  ["foobar", -790332482],
  ["a-little-bit-long-string", -985981536],
  ["a-little-bit-longer-string", -1486304829],
  ["lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8", -58897971],
  ["abc", 479470107],
];

describe("the partitioner", () => {
  it.each(vectors)("hashes %s as Kafka's Java client does", (text, hash) => {
    expect(murmur2(Buffer.from(text))).toBe(hash);
  });

  it("drops the sign bit before it takes the remainder, as Java does", () => {
    expect(partitionOf("21", 8)).toBe((-973932308 & 0x7fffffff) % 8);
    expect(partitionOf("abc", 16)).toBe(479470107 % 16);
  });

  it("always names a partition that exists, remembered or not", () => {
    const partitionOfKey = makePartitioner(8);
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (key) => {
        const partition = partitionOf(key, 8);
        expect(partition).toBeGreaterThanOrEqual(0);
        expect(partition).toBeLessThan(8);
        expect(partitionOfKey(key)).toBe(partition);
        expect(partitionOfKey(key)).toBe(partition);
      }),
    );
  });
});
