import { describe, expect, it } from "vitest";
import type { EventLog, LogRecord } from "../../port.ts";
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

/** How members of a group share a topic. */
export function describeSharing(given: GivenHarness): void {
  describe("sharing", () => {
    it("divides the partitions evenly as members come and go, and settles each record once", async () => {
      const log = await given().openLog();
      const topic = await makeTopic(log, 8);
      const recorder = makeRecorder(given().pool, "g");
      const join = (from: EventLog) =>
        from.subscribe({ topic, group: "g", limits: smallLimits, ...recorder });
      let sent = 0;
      const send = async () => {
        await log.append(topic, makeRecords(80, 32, sent));
        sent += 80;
      };

      const members = [await join(log)];
      await evenlyShared(members, 8);
      await send();
      members.push(await join(await given().openLog()), await join(await given().openLog()));
      await send();
      await evenlyShared(members, 8);
      await send();
      await members.shift()?.close();
      await send();
      await evenlyShared(members, 8);

      await eventually(() => expect(recorder.settled).toHaveLength(sent));
      expectInOrderPerKey(recorder.settled);
      await Promise.all(members.map((member) => member.close()));
    });

    it("shares among members of one process as well", async () => {
      const log = await given().openLog();
      const topic = await makeTopic(log, 4);
      const recorder = makeRecorder(given().pool, "g");
      const options = { topic, group: "g", limits: smallLimits, settle: recorder.settle };
      const members = [await log.subscribe(options), await log.subscribe(options)];
      await evenlyShared(members, 4);
      await log.append(topic, makeRecords(100));
      await eventually(() => expect(recorder.settled).toHaveLength(100));
      await members[0]?.close();
      await evenlyShared(members.slice(1), 4);
      await members[1]?.close();
    });

    it("takes over from a member that dies, in order and without loss", async () => {
      const dying = await given().openLog();
      const heir = await given().openLog();
      const topic = await makeTopic(heir, 4);
      const recorder = makeRecorder(given().pool, "g");
      const options = { topic, group: "g", limits: smallLimits, settle: recorder.settle };
      const first = await dying.subscribe(options);
      const second = await heir.subscribe(options);
      await evenlyShared([first, second], 4);
      await heir.append(topic, makeRecords(100));
      await given().kill(dying);
      await heir.append(topic, makeRecords(100, 16, 100));

      await evenlyShared([second], 4);
      await eventually(() => expect(recorder.settled).toHaveLength(200));
      expectInOrderPerKey(recorder.settled);
      expect(first.ownedPartitions()).toEqual([]);
      await second.close();
    });

    it("tells a member that lost its partition, and keeps a zombie from moving the checkpoint", async () => {
      const zombieLog = await given().openLog();
      const heir = await given().openLog();
      const topic = await makeTopic(heir, 1);
      const begun = makeGate();
      const gate = makeGate();
      const outcome = Promise.withResolvers<unknown>();
      let heard: AbortSignal | undefined;
      const seenByZombie: LogRecord[] = [];
      const zombie = makeRecorder(given().pool, "g");
      const first = await zombieLog.subscribe({
        topic,
        group: "g",
        limits: smallLimits,
        settle: async (batch) => {
          seenByZombie.push(...batch.records);
          heard = batch.signal;
          begun.open();
          await gate.opened;
          await zombie.settle(batch).then(outcome.resolve, outcome.resolve);
        },
      });
      await evenlyShared([first], 1);
      await heir.append(topic, makeRecords(5));
      await begun.opened;
      await given().kill(zombieLog);
      await eventually(() => expect(heard?.aborted).toBe(true));

      const recorder = makeRecorder(given().pool, "g");
      const second = await heir.subscribe({ topic, group: "g", limits: smallLimits, ...recorder });
      await eventually(() => expect(recorder.settled).toHaveLength(5));
      gate.open();

      expect(await outcome.promise).toMatchObject({ code: "checkpointMoved" });
      expect(zombie.settled).toEqual([]);
      expect(recorder.settled.map(textOf).slice(0, seenByZombie.length)).toEqual(
        seenByZombie.map(textOf),
      );
      await second.close();
    });
  });
}
