import { expect, test } from "vitest";
import { type ShownJob, takeJob, visibleJobs } from "./visible-jobs.ts";

const job = (changes: Partial<ShownJob>): ShownJob => ({
  jobId: "1",
  kind: "train",
  state: "running",
  progress: 0.5,
  message: "",
  changedAt: 100,
  ...changes,
});

test("the newest word on a job wins, whichever way it came", () => {
  const known = takeJob([], job({ progress: 0.7, changedAt: 200 }));
  expect(takeJob(known, job({ progress: 0.2, changedAt: 100 }))).toBe(known);
  expect(takeJob(known, job({ state: "done", changedAt: 300 }))[0]?.state).toBe("done");
});

test("finished work leaves, and a failure stays in sight for a minute", () => {
  const jobs = [
    job({ jobId: "1", state: "done" }),
    job({ jobId: "2", state: "failed", changedAt: 50_000 }),
    job({ jobId: "3" }),
  ];
  expect(visibleJobs(jobs, 60_000).map(({ jobId }) => jobId)).toEqual(["3", "2"]);
  expect(visibleJobs(jobs, 120_000).map(({ jobId }) => jobId)).toEqual(["3"]);
});
