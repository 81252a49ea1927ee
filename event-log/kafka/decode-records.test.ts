import { describe, expect, it } from "vitest";
import { decodeBatches } from "./decode-records.ts";

type Batch = Parameters<typeof decodeBatches>[1][number];

/** A batch of `count` records from an offset on, appended at 1000, 1001, ... by its producer's clock. */
function batchOf(firstOffset: bigint, count: number, changed: Partial<Batch> = {}): Batch {
  return {
    firstOffset,
    length: 0,
    partitionLeaderEpoch: 0,
    magic: 2,
    crc: 0,
    attributes: 0,
    lastOffsetDelta: count - 1,
    firstTimestamp: 1_000n,
    maxTimestamp: 9_000n,
    producerId: -1n,
    producerEpoch: -1,
    firstSequence: -1,
    records: Array.from({ length: count }, (_, delta) => ({
      length: 0,
      attributes: 0,
      timestampDelta: BigInt(delta),
      offsetDelta: delta,
      key: Buffer.from("k"),
      value: Buffer.from("v"),
      headers: [],
    })),
    ...changed,
  };
}

describe("decoding what a broker sent", () => {
  it("leaves out what lies before the offset that was asked for", () => {
    const { records, next } = decodeBatches(3, [batchOf(10n, 5), batchOf(15n, 2)], 12n);
    expect(records.map(({ offset }) => offset)).toEqual([12n, 13n, 14n, 15n, 16n]);
    expect(records.every(({ partition }) => partition === 3)).toBe(true);
    expect(next).toBe(17n);
  });

  it("steps over the markers of transactions and over offsets that compaction left empty", () => {
    const marker = batchOf(12n, 1, { attributes: 1 << 5 });
    const thinned = { ...batchOf(13n, 4), records: batchOf(13n, 4).records.slice(0, 2) };
    const { records, next } = decodeBatches(0, [batchOf(10n, 2), marker, thinned], 10n);
    expect(records.map(({ offset }) => offset)).toEqual([10n, 11n, 13n, 14n]);
    expect(next).toBe(17n);
  });

  it("takes the broker's time where the topic keeps that, else each record's own", () => {
    const own = decodeBatches(0, [batchOf(0n, 2)], 0n).records;
    expect(own.map(({ appendedAt }) => appendedAt)).toEqual([1_000, 1_001]);
    const brokers = decodeBatches(0, [batchOf(0n, 2, { attributes: 1 << 3 })], 0n).records;
    expect(brokers.map(({ appendedAt }) => appendedAt)).toEqual([9_000, 9_000]);
  });

  it("makes an empty text of a missing key and an empty value of a tombstone", () => {
    const [record] = batchOf(0n, 1).records;
    if (record === undefined) throw new Error("a batch of one has a record");
    const bare = {
      ...record,
      key: null,
      value: null,
      headers: [[Buffer.from("a"), Buffer.from("ü")]] as [Buffer, Buffer][],
    };
    const decoded = decodeBatches(0, [batchOf(0n, 1, { records: [bare] })], 0n).records[0];
    expect(decoded).toMatchObject({ key: "", value: Buffer.alloc(0), headers: { a: "ü" } });
  });
});
