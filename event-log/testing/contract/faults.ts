import { setTimeout as pause } from "node:timers/promises";
import { appError } from "@tillcast/core";
import { describe, expect, it } from "vitest";
import { listDeadLetters } from "../../dead-letters.ts";
import type { EventLog, LogBatch } from "../../port.ts";
import {
  eventually,
  expectInOrderPerKey,
  type GivenHarness,
  makeRecorder,
  makeRecords,
  makeTopic,
  smallLimits,
  textOf,
} from "./harness.ts";

/** What happens to batches that cannot be settled. */
export function describeFaults(given: GivenHarness): void {
  const subscribe = (log: EventLog, topic: string, settle: (batch: LogBatch) => Promise<void>) =>
    log.subscribe({ topic, group: "g", limits: smallLimits, settle });

  describe("faults", () => {
    it("brings the same records again after a throw, and nothing of that partition before them", async () => {
      const log = await given().openLog();
      const topic = await makeTopic(log, 1);
      const tries: string[][] = [];
      const recorder = makeRecorder(given().pool, "g", ({ records }) => {
        tries.push(records.map(textOf));
        if (tries.length < 4) throw new Error("the database is away");
      });
      await log.append(topic, makeRecords(15));
      const member = await subscribe(log, topic, recorder.settle);

      await eventually(() => expect(recorder.settled).toHaveLength(15));
      expect(tries[1]).toEqual(tries[0]);
      expect(tries[2]).toEqual(tries[0]);
      expect(tries[3]).toEqual(tries[0]);
      expectInOrderPerKey(recorder.settled);
      await member.close();
    });

    it("goes on after a commit whose answer was lost, without settling twice", async () => {
      const log = await given().openLog();
      const topic = await makeTopic(log, 1);
      const recorder = makeRecorder(given().pool, "g");
      let isCut = false;
      await log.append(topic, makeRecords(25));
      const member = await subscribe(log, topic, async (batch) => {
        await recorder.settle(batch);
        if (isCut) return;
        isCut = true;
        throw new Error("the connection broke after the commit");
      });

      await eventually(() => expect(recorder.settled).toHaveLength(25));
      expect(recorder.settled.map(textOf)).toEqual(makeRecords(25).map((r) => String(r.value)));
      await member.close();
    });

    it("sets aside exactly the poisonous records, which block nothing", async () => {
      const log = await given().openLog();
      const topic = await makeTopic(log, 2);
      const poison = new Set(["3", "17", "18", "40"]);
      const recorder = makeRecorder(given().pool, "g", ({ records }) => {
        if (!records.some((record) => poison.has(textOf(record)))) return;
        throw appError("undecodable", { what: "An order", reason: "no currency" });
      });
      const headers = { source: "nul\0byte" };
      await log.append(
        topic,
        makeRecords(50).map((record) => ({ ...record, headers })),
      );
      const member = await subscribe(log, topic, recorder.settle);

      await eventually(() => expect(recorder.settled).toHaveLength(46));
      expectInOrderPerKey(recorder.settled);
      const wanted = { topic, group: "g", maxCount: 100 };
      await eventually(async () => {
        const letters = await listDeadLetters(given().pool, wanted);
        expect(new Set(letters.map((letter) => String(letter.value)))).toEqual(poison);
      });
      const [letter] = await listDeadLetters(given().pool, wanted);
      expect(letter?.reason).toBe("undecodable: An order cannot be decoded: no currency.");
      expect(letter?.key).toMatch(/^key-/);
      await eventually(async () => {
        const lag = await log.lag(topic, "g");
        expect(lag.every(({ lagRecords }) => lagRecords === 0n)).toBe(true);
      });
      await member.close();
    });

    it("stops a partition of which too many records would be set aside, and no other", async () => {
      const log = await given().openLog();
      const topic = await makeTopic(log, 2);
      const recorder = makeRecorder(given().pool, "g", ({ partition }) => {
        if (partition === 0) throw appError("undecodable", { what: "An order", reason: "new" });
      });
      await log.append(topic, makeRecords(160));
      const member = await subscribe(log, topic, recorder.settle);

      const bounds = await log.bounds(topic);
      const wanted = { topic, group: "g", maxCount: 500 };
      await eventually(async () => {
        expect(recorder.settled).toHaveLength(Number(bounds[1]?.end));
        expect(await listDeadLetters(given().pool, wanted)).toHaveLength(20);
      });
      // It stays so: nothing more is set aside, and nothing is passed over.
      await pause(500);
      expect(await listDeadLetters(given().pool, wanted)).toHaveLength(20);
      const lag = await log.lag(topic, "g");
      expect(lag.map(({ position }) => position)).toEqual([20n, bounds[1]?.end]);
      await member.close();
    });

    it("stops a partition whose checkpoint lies beyond the log's end, and no other", async () => {
      const log = await given().openLog();
      const topic = await makeTopic(log, 2);
      const topicId = await log.topicId(topic);
      await given().pool.query(
        "insert into checkpoint (group_name, topic, partition, topic_id, position) values ('g', $1, 0, $2, 999)",
        [topic, topicId],
      );
      await log.append(topic, makeRecords(40));
      const recorder = makeRecorder(given().pool, "g");
      const member = await subscribe(log, topic, recorder.settle);

      const bounds = await log.bounds(topic);
      await eventually(() => expect(recorder.settled).toHaveLength(Number(bounds[1]?.end)));
      expect(recorder.settled.every((record) => record.partition === 1)).toBe(true);
      expect((await log.lag(topic, "g"))[0]?.position).toBe(999n);
      await member.close();
    });

    it("stops a partition whose checkpoint belongs to another topic of the same name", async () => {
      const log = await given().openLog();
      const topic = await makeTopic(log, 2);
      const otherId = "00000000-0000-4000-8000-000000000000";
      await given().pool.query(
        "insert into checkpoint (group_name, topic, partition, topic_id, position) values ('g', $1, 1, $2, 0)",
        [topic, otherId],
      );
      await log.append(topic, makeRecords(40));
      const recorder = makeRecorder(given().pool, "g");
      const member = await subscribe(log, topic, recorder.settle);

      const bounds = await log.bounds(topic);
      await eventually(() => expect(recorder.settled).toHaveLength(Number(bounds[0]?.end)));
      expect(recorder.settled.every((record) => record.partition === 0)).toBe(true);
      await member.close();
    });
  });
}
