import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { LogRecord } from "../port.ts";
import { makePartitionReader } from "./partition-reader.ts";

const never = new AbortController().signal;

function recordsOf(offsets: readonly bigint[]): LogRecord[] {
  return offsets.map((offset) => ({
    partition: 0,
    offset,
    key: "k",
    value: Buffer.alloc(10),
    headers: {},
    appendedAt: 0,
  }));
}

function makeReader(onRoom: () => void = () => undefined) {
  return makePartitionReader({
    topic: "t",
    topicId: "id",
    partition: 0,
    from: 0n,
    aheadMaxBytes: 100,
    onRoom,
  });
}

describe("the reader of a followed partition", () => {
  it("hands on every record once and in order, and names a position that leaves none out", async () => {
    const gaps = fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(gaps, fc.integer({ min: 1, max: 9 }), async (steps, maxCount) => {
        const reader = makeReader();
        let at = 0n;
        const offsets = steps.map((step) => {
          at += BigInt(step);
          return at;
        });
        for (let from = 0; from < offsets.length; from += 7) {
          const part = offsets.slice(from, from + 7);
          reader.add({ records: recordsOf(part), next: (part.at(-1) ?? 0n) + 1n });
        }
        const taken: bigint[] = [];
        while (taken.length < offsets.length) {
          const batch = await reader.take({ maxCount, maxBytes: 45 }, never);
          taken.push(...(batch?.records ?? []).map(({ offset }) => offset));
          expect(batch?.nextPosition).toBe(offsets[taken.length] ?? at + 1n);
        }
        expect(taken).toEqual(offsets);
      }),
    );
  });

  it("has no room while enough waits for its reader, and tells when there is room again", async () => {
    let told = 0;
    const reader = makeReader(() => {
      told += 1;
    });
    reader.add({ records: recordsOf([0n, 1n, 2n, 3n, 4n, 5n, 6n, 7n, 8n, 9n]), next: 10n });
    expect(reader.hasRoom()).toBe(false);
    await reader.take({ maxCount: 1, maxBytes: 1_000 }, never);
    expect(reader.hasRoom()).toBe(true);
    expect(told).toBe(1);
  });

  it("gives what was fetched before it says that the rest is lost, and ends when it is stopped", async () => {
    const reader = makeReader();
    reader.add({ records: recordsOf([0n]), next: 1n });
    reader.fail(new Error("the partition is gone"));
    const limits = { maxCount: 10, maxBytes: 1_000 };
    expect((await reader.take(limits, never))?.records).toHaveLength(1);
    await expect(reader.take(limits, never)).rejects.toThrow("the partition is gone");

    const stopping = new AbortController();
    const waiting = makeReader().take(limits, stopping.signal);
    stopping.abort();
    expect(await waiting).toBeUndefined();
  });
});
