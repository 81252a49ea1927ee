import { makeManualClock, makeMetrics, silentLogger } from "@tillcast/core";
import { createTestDatabase, type TestDatabase } from "@tillcast/core/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { EventLog } from "../port.ts";
import {
  eventually,
  expectInOrderPerKey,
  makeRecorder,
  makeRecords,
  makeTopic,
  readAll,
  smallLimits,
} from "../testing/contract/harness.ts";
import { openPostgresLog } from "./postgres-log.ts";
import { rollSegments } from "./roll-segments.ts";

const hourMs = 3_600_000;

describe("segments", () => {
  let test: TestDatabase;
  let log: EventLog;
  const clock = makeManualClock(Date.UTC(2026, 10, 21));

  beforeAll(async () => {
    test = await createTestDatabase();
    log = await openPostgresLog({
      pool: test.database.service,
      url: test.url,
      log: silentLogger,
      metrics: makeMetrics(),
      clock,
      limits: { assignIntervalMs: 100 },
    });
  });
  afterAll(async () => {
    await log?.close();
    await test?.drop();
  });

  const pass = (segmentMaxBytes?: number) =>
    rollSegments({
      pool: test.database.service,
      clock,
      log: silentLogger,
      limits: segmentMaxBytes === undefined ? {} : { segmentMaxBytes },
    });

  it("are opened and dropped under appends and readers, without a failed append or a lost record", async () => {
    const topic = await makeTopic(log, 4, hourMs);
    const recorder = makeRecorder(test.database.service, "g");
    const member = await log.subscribe({ topic, group: "g", limits: smallLimits, ...recorder });
    let isDone = false;
    let dropped = 0;
    const keeping = (async () => {
      while (!isDone) {
        clock.advance(hourMs);
        dropped += (await pass()).droppedSegments;
      }
    })();
    let sent = 0;
    while (sent < 3_000) {
      await Promise.all([
        log.append(topic, makeRecords(10, 16, sent)),
        log.append(topic, makeRecords(10, 16, sent + 10)),
      ]);
      sent += 20;
    }
    isDone = true;
    await keeping;

    await eventually(() => expect(recorder.settled).toHaveLength(sent));
    expectInOrderPerKey(recorder.settled);
    expect(dropped).toBeGreaterThan(3);
    await member.close();
  });

  it("are closed by size as well, and read on across their borders", async () => {
    const topic = await makeTopic(log, 2, null);
    for (let start = 0; start < 100; start += 20) {
      await log.append(topic, makeRecords(20, 8, start));
      expect((await pass(1)).openedSegments).toBeGreaterThan(0);
    }
    const all = await readAll(log, topic);
    expect(all).toHaveLength(100);
    expectInOrderPerKey(all);
  });

  it("are not closed by age while nothing was appended to them", async () => {
    await makeTopic(log, 2, hourMs);
    await pass();
    clock.advance(100 * hourMs);
    await pass();
    clock.advance(100 * hourMs);
    expect(await pass()).toEqual({ openedSegments: 0, droppedSegments: 0 });
  });
});
