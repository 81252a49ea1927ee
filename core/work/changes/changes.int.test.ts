import { randomUUID } from "node:crypto";
import { jobChangedCodec, topics } from "@tillcast/schemas";
import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { systemClock as clock } from "../../clock.ts";
import { inTransaction } from "../../database/transaction.ts";
import { silentLogger as log } from "../../logging.ts";
import { createTestDatabase, type TestDatabase } from "../../testing/database.ts";
import { claimJob, settleJob } from "../jobs/claim-job.ts";
import { enqueueJob, type Job } from "../jobs/job-rows.ts";
import { addTenant } from "../jobs/testing/job-runners.ts";
import { type NewChange, recordChanges } from "./change-rows.ts";
import { publishChanges } from "./publish-changes.ts";
import { sayAtOnce } from "./say-changes.ts";

let db: TestDatabase;
let tenantId: string;
beforeAll(async () => {
  db = await createTestDatabase();
  tenantId = await addTenant(db.database.service);
});
afterAll(() => db.drop());
beforeEach(async () => {
  await db.database.service.query("delete from change");
});

/** A log that fails while it is away. */
function makeLog() {
  const told: { topic: string; key: string; value: Buffer }[] = [];
  const state = { isAway: false };
  return {
    told,
    state,
    async append(topic: string, records: readonly { key: string; value: Buffer }[]) {
      if (state.isAway) throw new Error("the log is away");
      told.push(...records.map((record) => ({ topic, ...record })));
    },
  };
}

const publish = (eventLog: ReturnType<typeof makeLog>, olderThanMs = 0) =>
  publishChanges({ pool: db.database.service, eventLog, clock, log, olderThanMs });
const waiting = async () => (await db.database.service.query("select from change")).rowCount;
const change = (text: string, subject = randomUUID()): NewChange => ({
  kind: "feed",
  tenantId,
  subject,
  record: Buffer.from(text),
});

test("a change whose append fails after the commit is told all the same, once the log is back", async () => {
  const pool = db.database.service;
  const eventLog = makeLog();
  const [first, second] = [change("1"), change("2")];
  eventLog.state.isAway = true;
  const changes = await inTransaction(pool, (tx) => recordChanges(tx, [first, second]));
  await sayAtOnce({ pool, eventLog, log }, changes);
  const publisher = publish(eventLog);
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(eventLog.told).toEqual([]);
  eventLog.state.isAway = false;
  publisher.wake();
  await vi.waitFor(() =>
    expect(eventLog.told).toEqual([
      { topic: topics.feeds.topic, key: first.subject, value: first.record },
      { topic: topics.feeds.topic, key: second.subject, value: second.record },
    ]),
  );
  await vi.waitFor(async () => expect(await waiting()).toBe(0));
  await publisher.stop();
});

test("what was told at once is not told again, and what was rolled back never", async () => {
  const pool = db.database.service;
  const eventLog = makeLog();
  const changes = await inTransaction(pool, (tx) => recordChanges(tx, [change("once")]));
  await sayAtOnce({ pool, eventLog, log }, changes);
  const undone = inTransaction(pool, async (tx) => {
    await recordChanges(tx, [change("never")]);
    throw new Error("undone");
  });
  await expect(undone).rejects.toThrow("undone");
  const publishers = [publish(eventLog), publish(eventLog)];
  for (const publisher of publishers) publisher.wake();
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(eventLog.told.map(({ value }) => String(value))).toEqual(["once"]);
  await Promise.all(publishers.map((publisher) => publisher.stop()));
});

test("the last that is told of a job is how its row stands, though every word of its end was lost", async () => {
  const pool = db.database.service;
  const eventLog = makeLog();
  const kinds = [{ kind: "told", perTenant: 1, attemptsMax: 3 }];
  const { jobId } = await enqueueJob(pool, { kind: "told", tenantId });
  const job = (await claimJob(pool, kinds)) as Job;
  await settleJob(pool, job, { end: "gave_up", error: "no" });
  const publisher = publish(eventLog);
  await vi.waitFor(() => expect(eventLog.told).not.toEqual([]));
  const last = eventLog.told.at(-1);
  expect(last).toMatchObject({ topic: topics.jobs.topic, key: jobId });
  expect(jobChangedCodec.decode(last?.value as Buffer)).toMatchObject({ jobId, state: "failed" });
  await vi.waitFor(async () => expect(await waiting()).toBe(0));
  await publisher.stop();
});
