import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { asTenant } from "../../database/transaction.ts";
import { appError } from "../../errors.ts";
import { createTestDatabase, type TestDatabase } from "../../testing/database.ts";
import { enqueueJob, findJob, type Job, listJobs } from "./job-rows.ts";
import { addTenant, kind, makeRunners, type TestRunners, until } from "./testing/job-runners.ts";

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

test("a job runs, tells its progress, and is done", async () => {
  const { changes } = run({
    retrain: async (job, { progress }) => {
      expect(job.payload).toEqual({ weeks: 8 });
      progress(0.5, "fold 2 of 4");
      await new Promise((resolve) => setTimeout(resolve, 60));
    },
  });
  const { jobId } = await enqueueJob(db.database.service, {
    kind: "retrain",
    payload: { weeks: 8 },
  });
  await until(async () => expect(await stateOf(jobId)).toBe("done"));
  await until(() => expect(changes.at(-1)?.state).toBe("done"));
  expect(changes.map((job) => [job.state, job.progress, job.message])).toEqual(
    expect.arrayContaining([
      ["running", 0, ""],
      ["running", 0.5, "fold 2 of 4"],
      ["done", 1, "fold 2 of 4"],
    ]),
  );
  expect((await findJob(db.database.service, jobId))?.finishedAt).toBeTypeOf("number");
});

test("a second job under the same key is the first one, until that is done", async () => {
  const job = { kind: "retrain", dedupeKey: "tenant-1" };
  const twins = await Promise.all([1, 2, 3].map(() => enqueueJob(db.database.service, job)));
  expect(new Set(twins.map((twin) => twin.jobId)).size).toBe(1);
  run({ retrain: async () => undefined });
  await until(async () => expect(await stateOf(twins[0]?.jobId ?? "")).toBe("done"));
  expect((await enqueueJob(db.database.service, job)).jobId).not.toBe(twins[0]?.jobId);
});

test("a failed job is tried again, and its last error stays to be read", async () => {
  let tries = 0;
  run({
    flaky: async () => {
      tries += 1;
      if (tries < 3) throw new Error(`try ${tries}`);
    },
    hopeless: async () => {
      throw new Error("always");
    },
    wrong: async () => {
      throw appError("undecodable", { what: "The file", reason: "no header" });
    },
  });
  const [flaky, hopeless, wrong] = await Promise.all(
    ["flaky", "hopeless", "wrong"].map((kind) => enqueueJob(db.database.service, { kind })),
  );
  await until(async () => {
    const rows = await listJobs(db.database.service);
    const outcome = Object.fromEntries(
      rows.map((row) => [row.jobId, [row.state, row.attempts, row.error]]),
    );
    expect(outcome).toEqual({
      [flaky?.jobId ?? ""]: ["done", 3, null],
      [hopeless?.jobId ?? ""]: ["failed", 3, "always"],
      [wrong?.jobId ?? ""]: ["failed", 1, "The file cannot be decoded: no header."],
    });
  });
});

test("two workers never run one job twice", async () => {
  const ran: string[] = [];
  const kinds = { count: async (job: Job) => void ran.push(job.jobId) };
  run(kinds);
  run(kinds);
  const jobs = await Promise.all(
    Array.from({ length: 20 }, () => enqueueJob(db.database.service, { kind: "count" })),
  );
  await until(() => expect(ran).toHaveLength(jobs.length));
  expect(new Set(ran).size).toBe(jobs.length);
});

test("a job whose process died is run again; the dead one's late result does not count", async () => {
  const { jobId } = await enqueueJob(db.database.service, { kind: "long" });
  await db.database.service.query(
    `update job set state = 'running', attempts = 1, heartbeat_at = now() - interval '1 hour'`,
  );
  const { changes } = run({ long: async () => undefined }, { abandonedAfterMs: 1_000 });
  await until(async () => expect(await stateOf(jobId)).toBe("done"));
  expect(changes.map((job) => job.state)).toEqual(["queued", "running", "done"]);
  expect((await findJob(db.database.service, jobId))?.attempts).toBe(2);
});

test("stopping aborts a job and leaves it queued, as if it had not been tried", async () => {
  const { jobId } = await enqueueJob(db.database.service, { kind: "long" });
  const { runner } = run({
    long: (_, { signal }) =>
      new Promise((_, reject) =>
        signal.addEventListener("abort", () => reject(new Error("aborted"))),
      ),
  });
  await until(async () => expect(await stateOf(jobId)).toBe("running"));
  await Promise.all([runner.stop(), runner.stop()]);
  expect(await findJob(db.database.service, jobId)).toMatchObject({ state: "queued", attempts: 0 });
});

test("how a job ended has a name that its tenant sees, beside the reason and the attempts", async () => {
  const tenantId = await addTenant(db.database.service);
  run([
    kind("hopeless", () => Promise.reject(new Error("always")), { attemptsMax: 2 }),
    kind("wrong", () => Promise.reject(appError("undecodable", { what: "It", reason: "no" }))),
    kind("fine", async () => undefined),
  ]);
  for (const name of ["hopeless", "wrong", "fine"]) {
    await enqueueJob(db.database.service, { kind: name, tenantId });
  }
  await until(async () => {
    const seen = await asTenant(db.database.tenant, tenantId, (tx) => listJobs(tx));
    expect(
      Object.fromEntries(seen.map((job) => [job.kind, [job.outcome, job.attempts, job.error]])),
    ).toEqual({
      hopeless: ["gave_up", 2, "always"],
      wrong: ["refused", 1, "It cannot be decoded: no."],
      fine: ["done", 1, null],
    });
  });
  await db.database.service.query(
    `insert into job (job_id, kind, state, attempts, heartbeat_at)
     values (gen_random_uuid(), 'hopeless', 'running', 2, now() - interval '1 hour')`,
  );
  await until(async () => {
    const [lost] = await listJobs(db.database.service, { kind: "hopeless", states: ["failed"] });
    expect(lost).toMatchObject({ outcome: "lost", error: "the process that ran it ended" });
  });
});
