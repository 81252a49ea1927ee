import { describe, expect, it } from "vitest";
import {
  evenlyShared,
  eventually,
  expectInOrderPerKey,
  type GivenHarness,
  makeGate,
  makeRecorder,
  makeRecords,
  makeTopic,
  smallLimits,
  textOf,
} from "./harness.ts";

/** What one member of a group may rely on. */
export function describeSubscribing(given: GivenHarness): void {
  describe("subscribing", () => {
    it("hands on every record once, in order per key, and moves the checkpoint to the end", async () => {
      const log = await given().openLog();
      const topic = await makeTopic(log);
      await log.append(topic, makeRecords(150));
      const recorder = makeRecorder(given().pool, "g");
      const member = await log.subscribe({ topic, group: "g", limits: smallLimits, ...recorder });
      await log.append(topic, makeRecords(150, 16, 150));

      await eventually(() => expect(recorder.settled).toHaveLength(300));
      expectInOrderPerKey(recorder.settled);
      const lag = await log.lag(topic, "g");
      expect(lag.map(({ lagRecords }) => lagRecords)).toEqual([0n, 0n, 0n, 0n]);
      expect(lag.reduce((sum, { position }) => sum + position, 0n)).toBe(300n);
      await member.close();
    });

    it("keeps batches within the limits of count and bytes, and lets one larger record come alone", async () => {
      const log = await given().openLog();
      const topic = await makeTopic(log, 1);
      const sizes = [40, 40, 40, 500, 10, 10, 10, 10, 10, 10];
      await log.append(
        topic,
        sizes.map((size) => ({ key: "k", value: Buffer.alloc(size) })),
      );
      const recorder = makeRecorder(given().pool, "g");
      const limits = { batchMaxCount: 4, batchMaxBytes: 100, partitionsAtOnce: 1 };
      const member = await log.subscribe({ topic, group: "g", limits, ...recorder });

      await eventually(() => expect(recorder.settled).toHaveLength(sizes.length));
      const batches = recorder.batches.map(({ records }) => records.map((r) => r.value.length));
      expect(batches).toEqual([[40, 40], [40], [500], [10, 10, 10, 10], [10, 10]]);
      await member.close();
    });

    it("says of each batch which topic it is from and how the checkpoint must move", async () => {
      const log = await given().openLog();
      const topic = await makeTopic(log, 1);
      await log.append(topic, makeRecords(25));
      const recorder = makeRecorder(given().pool, "g");
      const member = await log.subscribe({ topic, group: "g", limits: smallLimits, ...recorder });

      await eventually(() => expect(recorder.settled).toHaveLength(25));
      let position = 0n;
      for (const batch of recorder.batches) {
        expect(batch).toMatchObject({ topic, partition: 0, position });
        expect(batch.topicId).toBe(await log.topicId(topic));
        expect(batch.nextPosition).toBe((batch.records.at(-1)?.offset ?? 0n) + 1n);
        position = batch.nextPosition;
      }
      await member.close();
    });

    it("works on one batch per partition at a time, and on no more partitions than wanted", async () => {
      const log = await given().openLog();
      const topic = await makeTopic(log, 8);
      await log.append(topic, makeRecords(400, 64));
      const busy = new Set<number>();
      let most = 0;
      const recorder = makeRecorder(given().pool, "g", async ({ partition }) => {
        expect(busy.has(partition)).toBe(false);
        busy.add(partition);
        most = Math.max(most, busy.size);
        await new Promise((resolve) => setTimeout(resolve, 3));
        busy.delete(partition);
      });
      const limits = { ...smallLimits, partitionsAtOnce: 2 };
      const member = await log.subscribe({ topic, group: "g", limits, ...recorder });

      await eventually(() => expect(recorder.settled).toHaveLength(400));
      expect(most).toBe(2);
      await member.close();
    });

    it("goes on where the group stood, and gives each group its own way through the log", async () => {
      const log = await given().openLog();
      const topic = await makeTopic(log);
      await log.append(topic, makeRecords(40));
      const first = makeRecorder(given().pool, "one");
      const member = await log.subscribe({ topic, group: "one", limits: smallLimits, ...first });
      await eventually(() => expect(first.settled).toHaveLength(40));
      await member.close();

      await log.append(topic, makeRecords(10, 16, 40));
      const second = makeRecorder(given().pool, "one");
      const other = makeRecorder(given().pool, "two");
      const again = await log.subscribe({ topic, group: "one", limits: smallLimits, ...second });
      const beside = await log.subscribe({ topic, group: "two", limits: smallLimits, ...other });
      await eventually(() => expect(second.settled).toHaveLength(10));
      await eventually(() => expect(other.settled).toHaveLength(50));
      expect(second.settled.every((record) => Number(textOf(record)) >= 40)).toBe(true);
      await Promise.all([again.close(), beside.close()]);
    });

    it("greets each partition before its first batch", async () => {
      const log = await given().openLog();
      const topic = await makeTopic(log);
      await log.append(topic, makeRecords(40));
      const greeted: number[] = [];
      const recorder = makeRecorder(given().pool, "g", ({ partition }) => {
        expect(greeted).toContain(partition);
      });
      const member = await log.subscribe({
        topic,
        group: "g",
        limits: smallLimits,
        settle: recorder.settle,
        onPartitionTaken: async (partition) => void greeted.push(partition),
      });

      await eventually(() => expect(recorder.settled).toHaveLength(40));
      expect(greeted.sort()).toEqual([0, 1, 2, 3]);
      await member.close();
    });

    it("lets the batch in flight finish when it is closed, and takes no other", async () => {
      const log = await given().openLog();
      const topic = await makeTopic(log, 1);
      const begun = makeGate();
      const gate = makeGate();
      const recorder = makeRecorder(given().pool, "g", () => {
        begun.open();
        return gate.opened;
      });
      const member = await log.subscribe({ topic, group: "g", limits: smallLimits, ...recorder });
      await evenlyShared([member], 1);
      await log.append(topic, makeRecords(30));
      await begun.opened;
      const closing = Promise.all([member.close(), member.close()]);
      gate.open();
      await closing;

      expect(recorder.batches).toHaveLength(1);
      expect(member.ownedPartitions()).toEqual([]);
      expect((await log.lag(topic, "g"))[0]?.position).toBe(BigInt(recorder.settled.length));
    });
  });
}
