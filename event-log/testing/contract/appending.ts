import { describe, expect, it } from "vitest";
import { partitionOf } from "../../partitioner.ts";
import {
  expectInOrderPerKey,
  type GivenHarness,
  makeRecords,
  makeTopic,
  readAll,
  textOf,
} from "./harness.ts";

/** What `append` and `ensureTopics` promise. */
export function describeAppending(given: GivenHarness): void {
  describe("appending", () => {
    it("resolves only when another process can read the records, headers and all", async () => {
      const writer = await given().openLog();
      const topic = await makeTopic(writer);
      const record = { key: "a/b", value: Buffer.from([0, 255, 128]), headers: { why: "Zürich" } };
      const positions = await writer.append(topic, [record]);

      const reader = await given().openLog();
      expect(await readAll(reader, topic)).toEqual([
        {
          ...record,
          partition: partitionOf("a/b", 4),
          offset: positions[0]?.offset,
          appendedAt: expect.any(Number),
        },
      ]);
    });

    it("answers positions in the order of the records, in the partition that Java would choose", async () => {
      const log = await given().openLog();
      const topic = await makeTopic(log);
      const records = makeRecords(1_200, 37);
      const positions = await log.append(topic, records);

      expect(positions.map(({ partition }) => partition)).toEqual(
        records.map(({ key }) => partitionOf(key, 4)),
      );
      const byPlace = new Map(
        (await readAll(log, topic)).map((read) => [`${read.partition}/${read.offset}`, read]),
      );
      positions.forEach(({ partition, offset }, index) => {
        const found = byPlace.get(`${partition}/${offset}`);
        expect(found && textOf(found)).toBe(String(index));
      });
    });

    it("keeps the records of a key in order when calls do not wait for one another", async () => {
      const log = await given().openLog();
      const topic = await makeTopic(log);
      const calls = Array.from({ length: 300 }, (_, call) => makeRecords(3, 8, call * 3));
      await Promise.all(calls.map((records) => log.append(topic, records)));

      const all = await readAll(log, topic);
      expect(all).toHaveLength(900);
      expectInOrderPerKey(all);
    });

    it("leaves no gap in the offsets when several processes append at once", async () => {
      const reader = await given().openLog();
      const logs = await Promise.all([1, 2, 3].map(() => given().openLog()));
      const topic = await makeTopic(reader);
      const calls = logs.flatMap((log, writer) =>
        Array.from({ length: 40 }, (_, call) =>
          log.append(topic, makeRecords(5, 16, (writer * 40 + call) * 5)),
        ),
      );
      const places = (await Promise.all(calls)).flat();

      const all = await readAll(reader, topic);
      expect(new Set(all.map(textOf)).size).toBe(600);
      expect(new Set(places.map((place) => `${place.partition}/${place.offset}`)).size).toBe(600);
      for (const { partition, start, end } of await reader.bounds(topic)) {
        const offsets = all.filter((read) => read.partition === partition).map((r) => r.offset);
        expect(start).toBe(0n);
        expect(offsets).toEqual(offsets.map((_, index) => BigInt(index)));
        expect(end).toBe(BigInt(offsets.length));
      }
    });

    it("refuses more than may wait instead of filling memory, and takes again afterwards", async () => {
      const log = await given().openLogWithQueue(50);
      const topic = await makeTopic(log);
      const resume = await given().stall(topic);
      const waiting = log.append(topic, makeRecords(40));
      const refused = log.append(topic, makeRecords(40, 16, 40));
      await expect(refused).rejects.toMatchObject({ code: "overloaded" });
      await resume();

      expect(await waiting).toHaveLength(40);
      expect(await log.append(topic, makeRecords(40, 16, 80))).toHaveLength(40);
      expect(await readAll(log, topic)).toHaveLength(80);
    });

    it("never answers success for what it could not store", async () => {
      const log = await given().openLog();
      const witness = await given().openLog();
      const topic = await makeTopic(log);
      await log.append(topic, makeRecords(1));
      await given().kill(log);

      await expect(log.append(topic, makeRecords(1))).rejects.toMatchObject({
        code: "logUnavailable",
      });
      expect(await readAll(witness, topic)).toHaveLength(1);
    });

    it("refuses a topic that was never made, by name", async () => {
      const log = await given().openLog();
      await expect(log.append("contract.none", makeRecords(1))).rejects.toMatchObject({
        code: "notFound",
        message: expect.stringContaining("contract.none"),
      });
    });

    it("makes a topic once, also when two start at the same time, and keeps its partitions", async () => {
      const logs = await Promise.all([given().openLog(), given().openLog()]);
      const topic = await makeTopic(logs[0], 2);
      const again = { topic, partitions: 8, retentionMs: null };
      await Promise.all(logs.map((log) => log.ensureTopics([again])));

      expect(await logs[0].bounds(topic)).toHaveLength(2);
      expect(await logs[0].topicId(topic)).toBe(await logs[1].topicId(topic));
    });
  });
}
