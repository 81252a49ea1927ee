import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { makeMetrics, silentLogger } from "@tillcast/core";
import { createTestDatabase, type TestDatabase } from "@tillcast/core/testing";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { EventLog } from "../port.ts";
import {
  evenlyShared,
  eventually,
  expectInOrderPerKey,
  makeRecorder,
  makeRecords,
  makeTopic,
  smallLimits,
} from "../testing/contract/harness.ts";
import { openPostgresLog } from "./postgres-log.ts";

const memberFile = fileURLToPath(new URL("../testing/member-process.ts", import.meta.url));
const lockSessionIdleMs = 1_500;

describe("a member in another process", () => {
  let test: TestDatabase;
  let log: EventLog;
  const children: ChildProcess[] = [];

  beforeAll(async () => {
    test = await createTestDatabase();
    log = await openPostgresLog({
      pool: test.database.service,
      url: test.url,
      log: silentLogger,
      metrics: makeMetrics(),
      limits: { assignIntervalMs: 100 },
    });
  });
  afterEach(() => {
    for (const child of children.splice(0)) child.kill("SIGKILL");
  });
  afterAll(async () => {
    await log?.close();
    await test?.drop();
  });

  async function startBoth(topic: string) {
    const child = spawn(
      process.execPath,
      [memberFile, test.url, topic, "g", String(lockSessionIdleMs)],
      { stdio: ["ignore", "pipe", "inherit"] },
    );
    children.push(child);
    const printed: string[] = [];
    createInterface({ input: child.stdout }).on("line", (line) => printed.push(line));
    const recorder = makeRecorder(test.database.service, "g");
    const member = await log.subscribe({ topic, group: "g", limits: smallLimits, ...recorder });
    await eventually(() => expect(member.ownedPartitions()).toHaveLength(2));
    let sent = 0;
    await eventually(async () => {
      await log.append(topic, makeRecords(16, 16, sent));
      sent += 16;
      expect(printed.length).toBeGreaterThan(0);
    });
    return { child, printed, recorder, member, sent };
  }

  /** What the other process printed, in records. */
  function countOf(printed: readonly string[]): number {
    return printed.reduce((sum, line) => {
      const [, position, nextPosition] = line.split(" ").map(Number);
      return sum + (nextPosition ?? 0) - (position ?? 0);
    }, 0);
  }

  async function expectAllSettled(topic: string): Promise<void> {
    await eventually(async () => {
      const lag = await log.lag(topic, "g");
      expect(lag.map(({ lagRecords }) => lagRecords)).toEqual([0n, 0n, 0n, 0n]);
    });
  }

  it("is replaced within a second after SIGKILL", async () => {
    const topic = await makeTopic(log, 4);
    const { child, recorder, member, sent } = await startBoth(topic);
    const killedAt = performance.now();
    child.kill("SIGKILL");
    await evenlyShared([member], 4);
    const takeOverMs = performance.now() - killedAt;

    await log.append(topic, makeRecords(64, 16, sent));
    await expectAllSettled(topic);
    expectInOrderPerKey(recorder.settled);
    expect(takeOverMs).toBeLessThan(1_000);
    await member.close();
  });

  it("is replaced after SIGSTOP, and settles nothing twice once it goes on", async () => {
    const topic = await makeTopic(log, 4);
    const { child, printed, recorder, member, sent } = await startBoth(topic);
    await expectAllSettled(topic);
    child.kill("SIGSTOP");
    await log.append(topic, makeRecords(64, 16, sent));
    await evenlyShared([member], 4);
    await expectAllSettled(topic);

    child.kill("SIGCONT");
    await eventually(() => expect(member.ownedPartitions()).toHaveLength(2));
    await log.append(topic, makeRecords(64, 16, sent + 64));
    await expectAllSettled(topic);
    await eventually(() => expect(recorder.settled.length + countOf(printed)).toBe(sent + 128));
    await member.close();
  });
});
