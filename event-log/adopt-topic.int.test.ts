import { randomUUID } from "node:crypto";
import { makeLogger, makeMetrics } from "@tillcast/core";
import { createTestDatabase, type TestDatabase, withSuperuser } from "@tillcast/core/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { adoptTopic } from "./adopt-topic.ts";
import { advanceCheckpoint, lockCheckpoint } from "./checkpoint.ts";
import type { EventLog, LogBatch } from "./port.ts";
import { openPostgresLog } from "./postgres/postgres-log.ts";

const topic = "adopted.v1";
const group = "reader";
let test: TestDatabase;

beforeAll(async () => {
  test = await createTestDatabase();
});
afterAll(() => test.drop());

/** A process of its own, with the topic as it is now. */
async function withLog<Result>(work: (log: EventLog) => Promise<Result>): Promise<Result> {
  const log = await openPostgresLog({
    pool: test.database.service,
    url: test.url,
    log: makeLogger({ level: "silent", name: "test" }),
    metrics: makeMetrics(),
    limits: { stoppedRecheckMs: 50 },
  });
  try {
    await log.ensureTopics([{ topic, partitions: 1, retentionMs: null }]);
    return await work(log);
  } finally {
    await log.close();
  }
}

const adopt = (log: EventLog, accepts: { beyondEnd?: boolean; belowStart?: boolean } = {}) =>
  adoptTopic(
    { pool: test.database.service, eventLog: log },
    {
      topic,
      acceptsBeyondEnd: accepts.beyondEnd ?? false,
      acceptsBelowStart: accepts.belowStart ?? false,
      at: Date.now(),
    },
  );

const append = (log: EventLog, texts: readonly string[]) =>
  log.append(
    topic,
    texts.map((text) => ({ key: "k", value: Buffer.from(text) })),
  );

/** What the group settles until it has seen `wanted`. */
async function settleUntil(log: EventLog, wanted: string): Promise<string[]> {
  const seen: string[] = [];
  const settle = async (batch: LogBatch) => {
    const client = await test.database.service.connect();
    try {
      const key = { group, topic, topicId: batch.topicId, partition: batch.partition };
      await client.query("begin");
      await lockCheckpoint(client, key, batch.position);
      await advanceCheckpoint(client, { ...key, from: batch.position, to: batch.nextPosition });
      await client.query("commit");
    } finally {
      client.release();
    }
    seen.push(...batch.records.map((record) => String(record.value)));
  };
  const limits = { batchMaxCount: 10, batchMaxBytes: 10_000, partitionsAtOnce: 1 };
  const member = await log.subscribe({ topic, group, limits, settle });
  await expect.poll(() => seen).toContain(wanted);
  await member.close();
  return seen;
}

const audited = async () =>
  (
    await test.database.service.query(
      "select action, subject, who, before, after from operator_audit order by audit_id",
    )
  ).rows;
const asSuperuser = (sql: string) =>
  withSuperuser(test.superuserUrl, (client) => client.query(`set search_path = tillcast; ${sql}`));

describe("adopting a topic", () => {
  it("changes nothing where every checkpoint fits", async () => {
    await withLog(async (log) => {
      await append(log, ["a", "b", "c"]);
      await settleUntil(log, "c");
      expect(await adopt(log)).toEqual([]);
      expect(await audited()).toEqual([]);
    });
  });

  it("that was made anew lets its readers begin at its start, and writes down who did it", async () => {
    const oldId = await withLog((log) => log.topicId(topic));
    await asSuperuser(`delete from log_topic where topic = '${topic}'`);
    await withLog(async (log) => {
      const topicId = await log.topicId(topic);
      await append(log, ["d", "e"]);
      const adopted = await adopt(log);
      expect(adopted).toEqual([
        {
          group,
          partition: 0,
          reason: "topicChanged",
          before: { topicId: oldId, position: "3" },
          after: { topicId, position: "0" },
        },
      ]);
      expect(await settleUntil(log, "e")).toEqual(["d", "e"]);
      expect(await audited()).toMatchObject([
        {
          action: "log adopt",
          subject: topic,
          who: expect.stringContaining("@"),
          before: { checkpoints: [{ group, topicId: oldId, position: "3" }] },
          after: { topics: [{ topic, topicId }] },
        },
      ]);
    });
  });

  it("whose newest records are lost needs a word for it, and is read from its start again", async () => {
    await asSuperuser("update checkpoint set position = 7");
    await withLog(async (log) => {
      await expect(adopt(log)).rejects.toMatchObject({ code: "checkpointBeyondEnd" });
      await expect(adopt(log, { belowStart: true })).rejects.toMatchObject({
        code: "checkpointBeyondEnd",
      });
      expect(await adopt(log, { beyondEnd: true })).toMatchObject([
        { reason: "checkpointBeyondEnd", before: { position: "7" }, after: { position: "0" } },
      ]);
      await append(log, ["f"]);
      expect(await settleUntil(log, "f")).toEqual(["d", "e", "f"]);
    });
  });

  it("whose unread records are gone needs a word for it too", async () => {
    await asSuperuser(
      "update checkpoint set position = 0; update log_partition set start_offset = 2",
    );
    await withLog(async (log) => {
      await expect(adopt(log)).rejects.toMatchObject({ code: "checkpointBelowStart" });
      expect(await adopt(log, { belowStart: true })).toMatchObject([
        { reason: "checkpointBelowStart", before: { position: "0" }, after: { position: "2" } },
      ]);
    });
  });

  it("lets go what bases and backups held of it", async () => {
    await asSuperuser(
      `insert into checkpoint (group_name, topic, partition, topic_id, position)
         select 'archive', topic, partition, topic_id, 1 from checkpoint;
       update checkpoint set topic_id = '${randomUUID()}'`,
    );
    await withLog(async (log) => {
      expect(await adopt(log)).toMatchObject([{ group, reason: "topicChanged" }]);
      const { rows } = await test.database.service.query("select group_name from checkpoint");
      expect(rows).toEqual([{ group_name: group }]);
    });
  });

  it("leaves a trace that nobody can change", async () => {
    for (const sql of ["update operator_audit set who = 'nobody'", "delete from operator_audit"]) {
      await expect(asSuperuser(sql)).rejects.toThrow("operator_audit is append-only");
      await expect(test.database.service.query(sql)).rejects.toThrow("permission denied");
    }
  });
});
