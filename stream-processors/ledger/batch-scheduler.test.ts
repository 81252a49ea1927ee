import { appError } from "@tillcast/core";
import { describe, expect, it } from "vitest";
import { batchOf, partitionsOf, scheduling } from "../testing/scheduling.ts";

describe("batches of several partitions", () => {
  it("are settled alone while a transaction is free, and together while all are under way", async () => {
    const { settle, ended, partitions, published } = scheduling();
    const done = [0, 1, 2].map((partition) => settle(batchOf(partition)));
    expect(partitions()).toEqual([[0]]);
    await ended(0);
    expect(partitions()).toEqual([[0], [1, 2]]);
    await ended(1);
    await Promise.all(done);
    expect(published).toEqual([[0], [1, 2]]);
  });

  it("go beside a transaction only where that, or they, are full", async () => {
    const { settle, ended, partitions } = scheduling({ transactionsAtOnce: 3 });
    const sizes = [1, 2, 9, 10, 1, 12];
    for (const [partition, records] of sizes.entries()) void settle(batchOf(partition, records));
    // The first is small and alone; 2 and 9 do not fit together, which makes a full one of the 2.
    expect(partitions()).toEqual([[0], [1], [2]]);
    await ended(1);
    expect(partitions()).toEqual([[0], [1], [2], [3]]);
    await ended(2);
    expect(partitions()).toEqual([[0], [1], [2], [3], [4]]);
    await ended(3);
    expect(partitions()).toEqual([[0], [1], [2], [3], [4], [5]]);
    void settle(batchOf(6));
    void settle(batchOf(7));
    await ended(4);
    expect(partitions()).toHaveLength(6);
    await ended(0);
    expect(partitions().at(-1)).toEqual([6, 7]);
  });

  it("are full at exactly the limit of records, or of bytes", async () => {
    for (const limit of [{ maxCount: 10 }, { maxBytes: 100 }]) {
      const { settle, partitions } = scheduling({ transactionsAtOnce: 2, ...limit });
      void settle(batchOf(0));
      void settle(batchOf(1, 4));
      expect(partitions()).toEqual([[0]]);
      void settle(batchOf(2, 6));
      expect(partitions()).toEqual([[0], [1, 2]]);
    }
    const { settle, partitions } = scheduling({ transactionsAtOnce: 2 });
    void settle(batchOf(0));
    void settle(batchOf(1, 10));
    expect(partitions()).toEqual([[0], [1]]);
  });

  it("never have more transactions under way than allowed", async () => {
    let underWay = 0;
    let most = 0;
    const { settle } = scheduling({
      transactionsAtOnce: 3,
      maxCount: 2,
      async settle() {
        underWay += 1;
        most = Math.max(most, underWay);
        await new Promise(setImmediate);
        underWay -= 1;
        return [];
      },
    });
    await Promise.all(Array.from({ length: 40 }, (_, partition) => settle(batchOf(partition))));
    expect(most).toBe(3);
  });

  it("keep to the limits of a transaction, which one larger batch may pass", async () => {
    const { settle, ended, partitions } = scheduling({ maxBytes: 70 });
    const sizes = [1, 3, 4, 1, 9, 1, 12];
    for (const [partition, records] of sizes.entries()) void settle(batchOf(partition, records));
    for (let index = 0; index < sizes.length; index += 1) await ended(index);
    expect(partitions()).toEqual([[0], [1, 2], [3], [4], [5], [6]]);
  });

  it("are tried alone when a named error is about one of them, which alone hears of it", async () => {
    const fault = appError("undecodable", { what: "a record", reason: "no shape" });
    const tried: number[][] = [];
    const { settle, published } = scheduling({
      async settle(batches) {
        tried.push(partitionsOf(batches));
        await new Promise(setImmediate);
        if (batches.some(({ partition }) => partition === 2)) throw fault;
        return partitionsOf(batches);
      },
    });
    const outcomes = await Promise.allSettled([0, 1, 2, 3].map((one) => settle(batchOf(one))));
    expect(outcomes.map(({ status }) => status)).toEqual([
      "fulfilled",
      "fulfilled",
      "rejected",
      "fulfilled",
    ]);
    expect(outcomes[2]).toMatchObject({ reason: fault });
    expect(tried).toEqual([[0], [1, 2, 3], [1], [2], [3]]);
    expect(published).toEqual([[0], [1], [3]]);
  });

  it("all hear of a fault that is about none of them, and are not tried alone", async () => {
    const tried: number[][] = [];
    const { settle } = scheduling({
      async settle(batches) {
        tried.push(partitionsOf(batches));
        await new Promise(setImmediate);
        throw new Error("connection refused");
      },
    });
    const outcomes = await Promise.allSettled([0, 1, 2].map((one) => settle(batchOf(one))));
    expect(outcomes.every(({ status }) => status === "rejected")).toBe(true);
    expect(tried).toEqual([[0], [1, 2]]);
  });

  it("are not begun once their partition is lost", async () => {
    const lost = new AbortController();
    const { settle, ended, partitions } = scheduling();
    void settle(batchOf(0));
    const outcome = settle(batchOf(1, 1, lost.signal)).catch((error: Error) => error.message);
    void settle(batchOf(2));
    lost.abort();
    await ended(0);
    expect(await outcome).toContain("lost");
    expect(partitions()).toEqual([[0], [2]]);
  });

  it("do not hold the next transaction up with what follows their commit", async () => {
    const { settle, ended, partitions } = scheduling({
      publish: () => new Promise(() => undefined),
    });
    void settle(batchOf(0));
    void settle(batchOf(1));
    await ended(0);
    expect(partitions()).toEqual([[0], [1]]);
  });
});
