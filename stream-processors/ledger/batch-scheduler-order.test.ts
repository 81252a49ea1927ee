import { describe, expect, it, vi } from "vitest";
import { batchOf, scheduling } from "../testing/scheduling.ts";

describe("what a transaction changed", () => {
  it("is published while the next batch settles, and behind the earlier updates of its partitions", async () => {
    const ends: PromiseWithResolvers<void>[] = [];
    const { settle, ended } = scheduling({
      publish() {
        const end = Promise.withResolvers<void>();
        ends.push(end);
        return end.promise;
      },
    });
    const first = settle(batchOf(0));
    await ended(0);
    await first;
    let isDone = false;
    const second = settle(batchOf(0)).then(() => {
      isDone = true;
    });
    await ended(1);
    expect([ends.length, isDone]).toEqual([1, false]);
    ends[0]?.resolve();
    await second;
    expect(ends).toHaveLength(2);
  });

  it("is not published by a member that has lost its partitions", async () => {
    const lost = new AbortController();
    const { settle, ended, published } = scheduling();
    const done = settle(batchOf(0, 1, lost.signal));
    lost.abort();
    await ended(0);
    await done;
    expect(published).toEqual([]);
  });

  it("makes its batches fail when it cannot even be put together", async () => {
    const { settle, ended } = scheduling({
      publish() {
        throw new Error("no such store");
      },
    });
    const outcome = settle(batchOf(0)).catch((error: Error) => error.message);
    await ended(0);
    expect(await outcome).toBe("no such store");
  });

  it("is published before a stop ends, tried again until then and once after", async () => {
    const turns: boolean[] = [];
    const end = Promise.withResolvers<void>();
    const { settle, stop, ended } = scheduling({
      async publish(_, goesOn) {
        turns.push(goesOn());
        await end.promise;
        turns.push(goesOn());
      },
    });
    void settle(batchOf(0));
    await ended(0);
    let isStopped = false;
    const stopped = stop(async () => {
      void settle(batchOf(1));
      await ended(1);
    }).then(() => {
      isStopped = true;
    });
    await new Promise(setImmediate);
    await new Promise(setImmediate);
    expect([turns, isStopped]).toEqual([[true, false], false]);
    end.resolve();
    await stopped;
    expect(turns).toEqual([true, false, false, false]);
  });
});

describe("history", () => {
  it("waits while a live order has waited longer than the limit, and no longer", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout"] });
    try {
      let nowMs = 100;
      const { settle, settleHistory, ended, partitions } = scheduling({
        clock: { now: () => nowMs },
      });
      const live = settle(batchOf(0));
      void settleHistory(batchOf(7));
      await vi.advanceTimersByTimeAsync(0);
      // As old as the limit is not too old.
      expect(partitions()).toEqual([[0], [7]]);
      nowMs = 101;
      void settleHistory(batchOf(8));
      await ended(1);
      await vi.advanceTimersByTimeAsync(1_000);
      expect(partitions()).toEqual([[0], [7]]);
      await ended(0);
      await live;
      await vi.advanceTimersByTimeAsync(1_000);
      expect(partitions()).toEqual([[0], [7], [8]]);
    } finally {
      vi.useRealTimers();
    }
  });

  it("of a partition that was lost meanwhile is given up", async () => {
    const lost = new AbortController();
    const { settle, settleHistory } = scheduling({ clock: { now: () => 101 } });
    void settle(batchOf(0));
    const outcome = settleHistory(batchOf(7, 1, lost.signal)).catch(
      (error: Error) => error.message,
    );
    lost.abort();
    expect(await outcome).toContain("lost");
  });

  it("has transactions of its own, beside those of live orders", async () => {
    const { settle, settleHistory, partitions } = scheduling();
    void settle(batchOf(0));
    void settleHistory(batchOf(7));
    void settleHistory(batchOf(8));
    await new Promise(setImmediate);
    expect(partitions()).toEqual([[0], [7]]);
  });
});
