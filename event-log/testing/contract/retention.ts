import { describe, expect, it } from "vitest";
import type { EventLog } from "../../port.ts";
import {
  eventually,
  type GivenHarness,
  makeRecorder,
  makeRecords,
  makeTopic,
  readAll,
  smallLimits,
  textOf,
} from "./harness.ts";

const hourMs = 3_600_000;

/** What is deleted, and what never is. */
export function describeRetention(given: GivenHarness): void {
  const startsOf = async (log: EventLog, topic: string) =>
    (await log.bounds(topic)).map(({ start }) => start);

  describe("retention", () => {
    it("never passes the slowest group, and deletes once that has read on", async () => {
      const log = await given().openLog();
      const topic = await makeTopic(log, 2, hourMs);
      await log.append(topic, makeRecords(40));
      const fast = makeRecorder(given().pool, "fast");
      const isSlowReading = { now: false };
      const slow = makeRecorder(given().pool, "slow", () => {
        if (!isSlowReading.now) throw new Error("not yet");
      });
      const members = [
        await log.subscribe({ topic, group: "fast", limits: smallLimits, ...fast }),
        await log.subscribe({ topic, group: "slow", limits: smallLimits, ...slow }),
      ];
      await eventually(() => expect(fast.settled).toHaveLength(40));
      await given().expire(topic);
      expect(await startsOf(log, topic)).toEqual([0n, 0n]);

      isSlowReading.now = true;
      await eventually(() => expect(slow.settled).toHaveLength(40));
      await given().expire(topic);
      const bounds = await log.bounds(topic);
      expect(bounds.map(({ start }) => start)).toEqual(bounds.map(({ end }) => end));
      await Promise.all(members.map((member) => member.close()));
    });

    it("keeps offsets, readers and new groups going over what was deleted", async () => {
      const log = await given().openLog();
      const topic = await makeTopic(log, 1, hourMs);
      const recorder = makeRecorder(given().pool, "g");
      const member = await log.subscribe({ topic, group: "g", limits: smallLimits, ...recorder });
      for (let start = 0; start < 60; start += 20) {
        await log.append(topic, makeRecords(20, 4, start));
        await eventually(() => expect(recorder.settled).toHaveLength(start + 20));
        if (start < 40) await given().expire(topic);
      }
      expect(await startsOf(log, topic)).toEqual([40n]);
      const wanted = { topic, partition: 0, from: 0n, maxCount: 5, maxBytes: 10_000 };
      const other = await given().openLog();
      expect((await other.read(wanted)).map(({ offset }) => offset)).toEqual([
        40n,
        41n,
        42n,
        43n,
        44n,
      ]);

      const late = makeRecorder(given().pool, "late");
      const joined = await other.subscribe({ topic, group: "late", limits: smallLimits, ...late });
      await eventually(() => expect(late.settled.map(textOf)[0]).toBe("40"));
      await Promise.all([member.close(), joined.close()]);
    });

    it("stops a partition whose checkpoint lies below what is kept", async () => {
      const log = await given().openLog();
      const topic = await makeTopic(log, 1, hourMs);
      await log.append(topic, makeRecords(20));
      await given().expire(topic);
      await log.append(topic, makeRecords(20, 16, 20));
      expect(await startsOf(log, topic)).toEqual([20n]);
      await given().pool.query(
        "insert into checkpoint (group_name, topic, partition, topic_id, position) values ('g', $1, 0, $2, 5)",
        [topic, await log.topicId(topic)],
      );
      const recorder = makeRecorder(given().pool, "g");
      const member = await log.subscribe({ topic, group: "g", limits: smallLimits, ...recorder });
      await eventually(() => expect(member.ownedPartitions()).toEqual([0]));
      // Long enough for several readings, had it not stopped.
      await new Promise((resolve) => setTimeout(resolve, 500));
      expect(recorder.settled).toEqual([]);
      await member.close();
    });

    it("keeps everything of a topic without retention", async () => {
      const log = await given().openLog();
      const topic = await makeTopic(log, 1, null);
      await log.append(topic, makeRecords(20));
      await given().expire(topic);
      expect(await readAll(log, topic)).toHaveLength(20);
    });
  });
}
