import { describe, expect, it } from "vitest";
import type { LogRecord } from "../../port.ts";
import {
  eventually,
  expectInOrderPerKey,
  type GivenHarness,
  makeRecords,
  makeTopic,
  textOf,
} from "./harness.ts";

/** What `read` and `tail` promise. */
export function describeReading(given: GivenHarness): void {
  describe("reading", () => {
    it("begins at any offset, within the limits, and is empty beyond the end", async () => {
      const log = await given().openLog();
      const topic = await makeTopic(log, 1);
      for (let start = 0; start < 60; start += 20) {
        await log.append(topic, makeRecords(20, 4, start));
      }
      const fresh = await given().openLog();
      const read = (from: bigint, maxCount: number, maxBytes: number) =>
        fresh.read({ topic, partition: 0, from, maxCount, maxBytes });

      const middle = await read(13n, 30, 100_000);
      expect(middle.map((record) => record.offset)).toEqual(
        Array.from({ length: 30 }, (_, index) => BigInt(13 + index)),
      );
      expect(middle.map(textOf)).toEqual(middle.map((record) => String(record.offset)));
      // Two digits each: seven bytes hold three.
      expect(await read(20n, 30, 7)).toHaveLength(3);
      expect(await read(20n, 30, 1)).toHaveLength(1);
      expect(await read(59n, 30, 100_000)).toHaveLength(1);
      expect(await read(60n, 30, 100_000)).toEqual([]);
      expect(await read(1_000n, 30, 100_000)).toEqual([]);
    });

    it("gives the same records from memory and from the tables", async () => {
      const writer = await given().openLog();
      const topic = await makeTopic(writer, 1);
      const tail = await writer.tail({ topic, onRecords: () => undefined });
      await writer.append(topic, makeRecords(30));
      const other = await given().openLog();
      for (const from of [0n, 7n, 29n]) {
        const wanted = { topic, partition: 0, from, maxCount: 10, maxBytes: 100_000 };
        expect(await writer.read(wanted)).toEqual(await other.read(wanted));
      }
      await tail.close();
    });

    it("tails only what comes after, from every process, in order", async () => {
      const writers = await Promise.all([given().openLog(), given().openLog()]);
      const reader = await given().openLog();
      const topic = await makeTopic(reader);
      await writers[0].append(topic, makeRecords(20));
      const seen: LogRecord[] = [];
      const tails = await Promise.all(
        [reader, writers[0]].map((log) =>
          log.tail({ topic, onRecords: (records) => void seen.push(...records) }),
        ),
      );

      for (let start = 20; start < 120; start += 10) {
        await writers[start % 20 === 0 ? 0 : 1].append(topic, makeRecords(10, 16, start));
      }
      await eventually(() => expect(seen).toHaveLength(200));
      expect(seen.every((record) => Number(textOf(record)) >= 20)).toBe(true);
      await Promise.all(tails.map((tail) => tail.close()));
    });

    it("tails on in the order of each key, and not after it was closed", async () => {
      const log = await given().openLog();
      const topic = await makeTopic(log);
      const seen: LogRecord[] = [];
      const tail = await log.tail({ topic, onRecords: (records) => void seen.push(...records) });
      await Promise.all(
        Array.from({ length: 50 }, (_, call) => log.append(topic, makeRecords(4, 8, call * 4))),
      );
      await eventually(() => expect(seen).toHaveLength(200));
      expectInOrderPerKey(seen);

      await tail.close();
      await tail.close();
      await log.append(topic, makeRecords(5));
      expect(seen).toHaveLength(200);
    });
  });
}
