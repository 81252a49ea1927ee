import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { balancePartition, describeDifferences, isEven, type PartitionTally } from "./balance.ts";

const tally: PartitionTally = {
  topic: "pos.orders.v1",
  partition: 3,
  position: 100n,
  tallyFrom: 20n,
  settled: 79n,
  deadLetters: 1n,
};

describe("the balance of a partition", () => {
  it("is even when every record before the checkpoint was settled or set aside", () => {
    expect(balancePartition(tally, 100n)).toMatchObject({
      accepted: 80n,
      waiting: 0n,
      difference: 0n,
    });
  });

  it("does not count what waits as missing", () => {
    expect(balancePartition(tally, 150n)).toMatchObject({ waiting: 50n, difference: 0n });
  });

  it("shows a checkpoint that was moved over records, also while others wait", () => {
    const moved = { ...tally, position: 107n };
    expect(balancePartition(moved, 150n).difference).toBe(7n);
    expect(describeDifferences([balancePartition(moved, 150n)])).toEqual([
      "7 records of pos.orders.v1/3 were neither settled nor set aside",
    ]);
  });

  it("shows a dead letter that was thrown away", () => {
    expect(balancePartition({ ...tally, deadLetters: 0n }, 100n).difference).toBe(1n);
  });

  it("shows records that were settled twice", () => {
    expect(balancePartition({ ...tally, position: 90n }, 100n).difference).toBe(-10n);
  });

  it("shows a log that lost its end, also where the checkpoint was moved beyond it", () => {
    expect(balancePartition(tally, 95n)).toMatchObject({ difference: 0n, lost: 5n, waiting: 0n });
    expect(describeDifferences([balancePartition(tally, 95n)])).toHaveLength(1);
    const moved = balancePartition({ ...tally, position: 103n }, 100n);
    expect(moved).toMatchObject({ difference: 3n, lost: 3n });
    expect(isEven(moved)).toBe(false);
    expect(describeDifferences([moved])).toHaveLength(2);
  });

  it("stays even through any run of settled batches and dead letters", () => {
    const steps = fc.array(fc.record({ count: fc.bigInt(1n, 900n), isDeadLetter: fc.boolean() }));
    fc.assert(
      fc.property(fc.bigInt(0n, 1n << 40n), steps, fc.bigInt(0n, 500n), (from, run, waiting) => {
        const sum = { position: from, settled: 0n, deadLetters: 0n };
        for (const { count, isDeadLetter } of run) {
          sum.position += isDeadLetter ? 1n : count;
          if (isDeadLetter) sum.deadLetters += 1n;
          else sum.settled += count;
        }
        const balance = balancePartition(
          { ...tally, ...sum, tallyFrom: from },
          sum.position + waiting,
        );
        expect(balance).toMatchObject({ waiting, difference: 0n, lost: 0n });
      }),
    );
  });
});
