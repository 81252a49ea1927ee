import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { createTestDatabase, type TestDatabase } from "../../testing/database.ts";
import { enqueueJob, findJob } from "./job-rows.ts";
import {
  addTenant,
  kind,
  makeDesk,
  makeRunners,
  type TestRunners,
  until,
} from "./testing/job-runners.ts";

let db: TestDatabase;
let runners: TestRunners;
beforeAll(async () => {
  db = await createTestDatabase();
  runners = makeRunners(db.database.service);
});
afterAll(() => db.drop());
beforeEach(async () => {
  await db.database.service.query("delete from job");
});
afterEach(() => runners.stopAll());

const run = (...args: Parameters<TestRunners["run"]>) => runners.run(...args);
const stateOf = async (jobId: string) => (await findJob(db.database.service, jobId))?.state;

test("of the jobs under one queue key one runs at a time, over kinds and processes", async () => {
  const desk = makeDesk();
  const kinds = [kind("pull", desk.handler, { atOnce: 5 }), kind("repair", desk.handler)];
  run(kinds);
  run(kinds);
  const queue = (kindName: string, payload: string, queueKey?: string) =>
    enqueueJob(db.database.service, {
      kind: kindName,
      payload,
      ...(queueKey !== undefined && { queueKey }),
    });
  await queue("pull", "a1", "connection a");
  await queue("repair", "a2", "connection a");
  await queue("pull", "a3", "connection a");
  await queue("pull", "b1", "connection b");
  await queue("pull", "free");
  await until(() => expect(desk.names()).toEqual(["a1", "b1", "free"]));
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(desk.names()).toEqual(["a1", "b1", "free"]);
  desk.end("a1");
  await until(() => expect(desk.names()).toEqual(["a2", "b1", "free"]));
  desk.end("a2");
  await until(() => expect(desk.names()).toEqual(["a3", "b1", "free"]));
  for (const name of desk.names()) desk.end(name);
});

test("two claims at the same moment never give one queue key twice", async () => {
  const desk = makeDesk();
  const kinds = [kind("pull", desk.handler, { atOnce: 20 })];
  for (let index = 0; index < 4; index += 1) run(kinds);
  for (let index = 0; index < 30; index += 1) {
    await enqueueJob(db.database.service, {
      kind: "pull",
      payload: `${index}`,
      queueKey: `connection ${index % 3}`,
    });
  }
  for (let done = 0; done < 30; ) {
    await until(() => expect(desk.names().length).toBeGreaterThan(0));
    const { rows } = await db.database.service.query<{ most: number }>(
      `select max(count)::int as most from (
         select count(*) from job where state = 'running' group by queue_key) as busy`,
    );
    expect(rows[0]?.most ?? 1).toBeLessThanOrEqual(1);
    for (const name of desk.names()) {
      desk.end(name);
      done += 1;
    }
  }
});

test("a tenant has no more jobs of a kind running than the kind allows; others pass it", async () => {
  const desk = makeDesk();
  const [big, small] = [await addTenant(db.database.service), await addTenant(db.database.service)];
  const kinds = [kind("backfill", desk.handler, { atOnce: 5, perTenant: 2 })];
  run(kinds);
  run(kinds);
  for (let index = 0; index < 8; index += 1) {
    await enqueueJob(db.database.service, {
      kind: "backfill",
      tenantId: big,
      payload: `big${index}`,
    });
  }
  await enqueueJob(db.database.service, { kind: "backfill", tenantId: small, payload: "small" });
  await until(() => expect(desk.names()).toEqual(["big0", "big1", "small"]));
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(desk.names()).toEqual(["big0", "big1", "small"]);
  for (const name of desk.names()) desk.end(name);
});

test("a year's backfill keeps no training from starting", async () => {
  const desk = makeDesk();
  run([kind("backfill", desk.handler, { atOnce: 1 }), kind("train", desk.handler, { atOnce: 1 })]);
  for (let index = 0; index < 50; index += 1) {
    await enqueueJob(db.database.service, { kind: "backfill", payload: `month ${index}` });
  }
  await until(() => expect(desk.names()).toEqual(["month 0"]));
  const { jobId } = await enqueueJob(db.database.service, { kind: "train", payload: "network" });
  await until(() => expect(desk.names()).toEqual(["month 0", "network"]));
  desk.end("network");
  await until(async () => expect(await stateOf(jobId)).toBe("done"));
  expect(desk.names()).toEqual(["month 0"]);
  desk.end("month 0");
});

test("the more urgent job starts first, however long another has waited", async () => {
  const desk = makeDesk();
  for (const [payload, priority] of [
    ["old", 0],
    ["older than the last", 0],
    ["urgent", 5],
  ] as const) {
    await enqueueJob(db.database.service, { kind: "pull", payload, priority });
  }
  run([kind("pull", desk.handler, { atOnce: 1 })]);
  for (let done = 0; done < 3; done += 1) {
    await until(() => expect(desk.began).toHaveLength(done + 1));
    desk.end(desk.began[done] ?? "");
  }
  expect(desk.began).toEqual(["urgent", "old", "older than the last"]);
});

test("a kind with a schedule is queued once when it is due, whichever processes run", async () => {
  const ran: string[] = [];
  const kinds = [
    kind("sweep", async (job) => void ran.push(job.jobId), { cron: "17 3 * * *", atOnce: 1 }),
  ];
  run(kinds);
  run(kinds);
  run(kinds);
  const nextOf = async () => {
    const { rows } = await db.database.service.query<{ next_at: Date }>(
      "select next_at from job_schedule where kind = 'sweep'",
    );
    return rows[0]?.next_at;
  };
  await until(async () => expect(await nextOf()).toBeInstanceOf(Date));
  const next = (await nextOf()) as Date;
  expect([next.getUTCHours(), next.getUTCMinutes()]).toEqual([3, 17]);
  expect(ran).toEqual([]);
  // Three days passed in which no process ran.
  await db.database.service.query(
    "update job_schedule set next_at = now() - interval '3 days' where kind = 'sweep'",
  );
  await until(() => expect(ran).toHaveLength(1));
  await until(async () => expect(await nextOf()).toEqual(next));
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(ran).toHaveLength(1);
});

test("a changed schedule takes the place of the former one", async () => {
  const hour = async () => {
    const { rows } = await db.database.service.query<{ next_at: Date }>(
      "select next_at from job_schedule where kind = 'tidy'",
    );
    return rows[0]?.next_at.getUTCHours();
  };
  const first = run([kind("tidy", async () => undefined, { cron: "0 3 * * *" })]);
  await until(async () => expect(await hour()).toBe(3));
  await first.runner.stop();
  run([kind("tidy", async () => undefined, { cron: "0 5 * * *" })]);
  await until(async () => expect(await hour()).toBe(5));
});
