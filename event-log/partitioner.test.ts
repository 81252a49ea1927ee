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

const partitionCounts = [1, 2, 4, 8, 16, 1024] as const;

/** Printed by `BuiltInPartitioner.partitionForKey` of Kafka's Java client 4.4.0, for those counts. */
const partitionVectors: readonly (readonly [string, readonly number[]])[] = [
  ["", [0, 1, 1, 1, 9, 217]],
  ["a", [0, 0, 0, 4, 12, 636]],
  ["ab", [0, 0, 2, 2, 10, 554]],
  ["abc", [0, 1, 3, 3, 11, 539]],
  ["abcd", [0, 0, 0, 4, 4, 500]],
  ["0de10000-0000-4000-8000-000000000001/push/default/main", [0, 1, 3, 7, 15, 431]],
  ["0de10000-0000-4000-8000-000000000001/toast/7f3c/42", [0, 0, 0, 0, 8, 248]],
  ["0de10000-0000-4000-8000-0000000000c1/simulator/crash/store-3", [0, 0, 2, 6, 14, 798]],
  ["t/square/Zürich/Café", [0, 1, 1, 5, 13, 477]],
  ["t/file/東京/店舗-1", [0, 1, 3, 7, 15, 63]],
  ["t/push/🍕/1", [0, 0, 0, 0, 0, 112]],
  ["0de10000-0000-4000-8000-000000000102", [0, 1, 1, 1, 1, 641]],
];

describe("the partitioner", () => {
  it.each(partitionVectors)("puts %j where Kafka's Java client does", (key, partitions) => {
    expect(partitionCounts.map((count) => partitionOf(key, count))).toEqual(partitions);
  });

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
