import { expect, test } from "vitest";
import { jobText, type ShownJob, takeJob, visibleJobs } from "./visible-jobs.ts";

const job = (changes: Partial<ShownJob>): ShownJob => ({
  jobId: "1",
  kind: "train-forecast",
  state: "running",
  progress: 0.5,
  message: "",
  changedAt: 100,
  seenAt: 0,
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

test("work that is over in a moment is never shown", () => {
  const first = takeJob([], job({ seenAt: 10_000 }));
  expect(visibleJobs(first, 11_000)).toEqual([]);
  const later = takeJob(first, job({ seenAt: 13_000, changedAt: 200 }));
  expect(visibleJobs(later, 14_500)).toHaveLength(1);
});

test("a job is named for people", () => {
  expect(jobText(job({ message: "epoch 3" }))).toBe("Training the forecast: epoch 3");
  expect(jobText(job({ kind: "odd-kind" }))).toBe("odd-kind");
});
