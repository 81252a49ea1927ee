import { appError } from "@tillcast/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { LogBatch } from "./port.ts";
import { makeSetAsideLimit } from "./set-aside-limit.ts";
import { type PoisonRecord, type SettleDeps, settleBatch } from "./settle-batch.ts";

function batchOf(offsets: readonly bigint[], nextPosition: bigint): LogBatch {
  return {
    topic: "t",
    topicId: "00000000-0000-0000-0000-000000000000",
    partition: 0,
    records: offsets.map((offset) => ({
      partition: 0,
      offset,
      key: "k",
      value: Buffer.alloc(0),
      headers: {},
      appendedAt: 0,
    })),
    position: offsets[0] ?? 0n,
    nextPosition,
    signal: new AbortController().signal,
  };
}

/** A reader with a checkpoint, as a transaction would keep it. */
function makeReader(poison: ReadonlySet<bigint>, start: bigint) {
  const taken: bigint[] = [];
  const aside: PoisonRecord[] = [];
  let checkpoint = start;
  const move = (from: bigint, to: bigint) => {
    if (from !== checkpoint) throw appError("checkpointMoved", {});
    checkpoint = to;
  };
  const deps: SettleDeps = {
    settle: async (batch) => {
      if (batch.records.some((record) => poison.has(record.offset))) {
        throw new Error("wrapped", { cause: appError("undecodable", { what: "it", reason: "x" }) });
      }
      move(batch.position, batch.nextPosition);
      taken.push(...batch.records.map((record) => record.offset));
    },
    setAside: async (letter) => {
      move(letter.position, letter.nextPosition);
      aside.push(letter);
    },
    setAsideLimit: makeSetAsideLimit(100, "g"),
    pauseBeforeRetry: async () => {},
    isStopping: () => false,
  };
  return { deps, taken, aside, checkpoint: () => checkpoint };
}

describe("settling a batch", () => {
  it("cuts a batch between offsets that have gaps, so that each part covers its own records", async () => {
    const poison = new Set([20n]);
    const reader = makeReader(poison, 10n);
    const parts: LogBatch[] = [];
    const settle = async (batch: LogBatch) => {
      parts.push(batch);
      await reader.deps.settle(batch);
    };
    expect(await settleBatch({ ...reader.deps, settle }, batchOf([10n, 15n, 20n, 40n], 50n))).toBe(
      "settled",
    );
    const spans = parts.map(({ position, nextPosition }) => [position, nextPosition]);
    expect(spans).toEqual([
      [10n, 50n],
      [10n, 20n],
      [20n, 50n],
      [20n, 40n],
      [40n, 50n],
    ]);
    expect(reader.aside).toMatchObject([{ position: 20n, nextPosition: 40n }]);
    expect(reader.taken).toEqual([10n, 15n, 40n]);
  });

  it("looks for a record that fails each time at once, without a pause for it", async () => {
    const reader = makeReader(new Set([1n]), 1n);
    const pauses: number[] = [];
    const pauseBeforeRetry = async (attempt: number) => void pauses.push(attempt);
    await settleBatch({ ...reader.deps, pauseBeforeRetry }, batchOf([1n, 2n], 3n));
    expect(pauses).toEqual([]);
    expect(reader.aside).toHaveLength(1);
  });

  it("sets aside exactly the poisonous records and settles all others once, in order, over gaps too", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ gap: fc.nat(3), poison: fc.boolean() }), {
          minLength: 1,
          maxLength: 40,
        }),
        async (shape) => {
          let next = 5n;
          const offsets = shape.map(({ gap }) => {
            next += BigInt(gap) + 1n;
            return next - 1n;
          });
          const poison = new Set(offsets.filter((_, index) => shape[index]?.poison === true));
          const reader = makeReader(poison, offsets[0] ?? 0n);
          const outcome = await settleBatch(reader.deps, batchOf(offsets, next));
          expect(outcome).toBe("settled");
          expect(reader.taken).toEqual(offsets.filter((offset) => !poison.has(offset)));
          expect(reader.aside.map((letter) => letter.record.offset)).toEqual([...poison]);
          expect(reader.aside.every((letter) => letter.reason.startsWith("undecodable: "))).toBe(
            true,
          );
          expect(reader.checkpoint()).toBe(next);
        },
      ),
    );
  });

  it("retries a fault that may pass with the same batch, and counts the attempts", async () => {
    const reader = makeReader(new Set(), 0n);
    const attempts: number[] = [];
    let faults = 3;
    const outcome = await settleBatch(
      {
        ...reader.deps,
        settle: async (batch) => {
          faults -= 1;
          if (faults >= 0) throw new Error("connection lost");
          await reader.deps.settle(batch);
        },
        pauseBeforeRetry: async (attempt) => {
          attempts.push(attempt);
        },
      },
      batchOf([0n, 1n], 2n),
    );
    expect(outcome).toBe("settled");
    expect(attempts).toEqual([0, 1, 2]);
    expect(reader.taken).toEqual([0n, 1n]);
  });

  it("ends when the checkpoint stands elsewhere, and when it must stop", async () => {
    const reader = makeReader(new Set(), 7n);
    expect(await settleBatch(reader.deps, batchOf([0n], 1n))).toBe("checkpointMoved");
    const stopping = { ...reader.deps, settle: () => Promise.reject(new Error("down")) };
    const outcome = await settleBatch({ ...stopping, isStopping: () => true }, batchOf([7n], 8n));
    expect(outcome).toBe("stopped");
    expect(reader.checkpoint()).toBe(7n);
  });
});
