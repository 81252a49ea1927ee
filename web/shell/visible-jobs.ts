import type { LiveJob } from "@tillcast/schemas/browser";

/** What the strip shows of a job. */
export type ShownJob = Pick<
  LiveJob,
  "jobId" | "kind" | "state" | "progress" | "message" | "changedAt"
>;

/** A failure is shown this long: long enough to be seen, short enough not to nag. */
const FAILED_SHOWN_MS = 60_000;

/** The strip never pushes the page away; further work waits its turn out of sight. */
const SHOWN_MAX = 3;

/** Keeps the newest word on each job, whichever way it came. */
export function takeJob(known: readonly ShownJob[], job: ShownJob): readonly ShownJob[] {
  const before = known.find(({ jobId }) => jobId === job.jobId);
  if (before !== undefined && before.changedAt > job.changedAt) return known;
  return [...known.filter(({ jobId }) => jobId !== job.jobId), job];
}

/** What is running, then what waits, then what failed a moment ago. */
export function visibleJobs(jobs: readonly ShownJob[], now: number): readonly ShownJob[] {
  const rank = { running: 0, queued: 1, failed: 2, done: 3 } as const;
  return jobs
    .filter(({ state, changedAt }) => {
      if (state === "failed") return now - changedAt < FAILED_SHOWN_MS;
      return state !== "done";
    })
    .toSorted((a, b) => rank[a.state] - rank[b.state] || a.kind.localeCompare(b.kind))
    .slice(0, SHOWN_MAX);
}
