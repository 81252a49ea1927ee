import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createTestDatabase, type TestDatabase } from "../../testing/database.ts";
import { enqueueJob, findJob, type Job } from "../jobs/job-rows.ts";
import { makeRunners, type TestRunners, until } from "../jobs/testing/job-runners.ts";
import { declareSweep, type Sweep } from "./declare-sweep.ts";
import { sweepKind } from "./sweep-job.ts";
import { workSweeps } from "./work-sweeps.ts";

let db: TestDatabase;
let runners: TestRunners;
beforeAll(async () => {
  db = await createTestDatabase();
  runners = makeRunners(db.database.service);
});
afterAll(async () => {
  await runners.stopAll();
  await db.drop();
});

async function sweep(sweeps: readonly Sweep[]): Promise<Job> {
  const pool = db.database.service;
  const { runner } = runners.run([{ ...sweepKind(pool, sweeps), attemptsMax: 1 }]);
  const { jobId } = await enqueueJob(pool, { kind: "sweep" });
  await until(async () => expect((await findJob(pool, jobId))?.finishedAt).not.toBeNull());
  await runner.stop();
  return (await findJob(pool, jobId)) as Job;
}

test("jobs and deliveries that ended long ago go; younger ones and those that wait stay", async () => {
  const pool = db.database.service;
  const old = "now() - interval '31 days'";
  await pool.query(`
    insert into job (job_id, kind, state, finished_at, message) values
      (gen_random_uuid(), 'other', 'done', ${old}, 'old'),
      (gen_random_uuid(), 'other', 'failed', ${old}, 'old'),
      (gen_random_uuid(), 'other', 'done', now() - interval '29 days', 'young')`);
  await pool.query(`
    insert into job (job_id, kind, state, created_at, run_after, message) values
      (gen_random_uuid(), 'other', 'queued', ${old}, now() + interval '1 hour', 'waits')`);
  await pool.query(`
    insert into delivery (delivery_id, channel, target, state, payload, ended_at, created_at) values
      (gen_random_uuid(), 'mail', 'old', 'sent', null, ${old}, ${old}),
      (gen_random_uuid(), 'mail', 'young', 'gave_up', null, now(), ${old}),
      (gen_random_uuid(), 'mail', 'waits', 'waiting', '{}', null, ${old})`);
  const swept = await sweep(workSweeps);
  expect(swept).toMatchObject({
    state: "done",
    message: "2 jobs that ended, 1 deliveries that were sent or given up",
  });
  const jobs = await pool.query("select message from job where kind = 'other' order by 1");
  expect(jobs.rows).toEqual([{ message: "waits" }, { message: "young" }]);
  const deliveries = await pool.query("select target from delivery order by 1");
  expect(deliveries.rows).toEqual([{ target: "waits" }, { target: "young" }]);
});

test("more rows than one slice go in one run", async () => {
  const pool = db.database.service;
  await pool.query(
    `insert into job (job_id, kind, state, finished_at)
     select gen_random_uuid(), 'other', 'done', now() - interval '40 days' from generate_series(1, 2500)`,
  );
  await sweep(workSweeps);
  const { rows } = await pool.query(
    "select from job where finished_at < now() - interval '30 days'",
  );
  expect(rows).toEqual([]);
});

test("a sweep that fails keeps no other from its turn, and the job says why", async () => {
  const pool = db.database.service;
  const broken: Sweep = {
    table: "nothing",
    what: "x",
    days: 1,
    because: "a test",
    statement: { name: "sweep-nothing", text: "delete from no_such_table where $1 + $2 = 0" },
  };
  await pool.query(
    "insert into job (job_id, kind, state, finished_at) values ($1, 'other', 'done', now() - interval '40 days')",
    [randomUUID()],
  );
  const swept = await sweep([broken, ...workSweeps]);
  expect(swept).toMatchObject({ state: "failed", outcome: "gave_up" });
  expect(swept.error).toContain("no_such_table");
  expect(swept.message).toContain("1 jobs that ended");
});

test("a table has one sweep", () => {
  const [first] = workSweeps as readonly [Sweep];
  expect(() => declareSweep(first)).toThrow("two sweeps");
});
