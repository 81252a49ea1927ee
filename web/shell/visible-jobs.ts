import type { LiveJob } from "@tillcast/schemas/browser";
import { text } from "../i18n/text.ts";

/** What the strip shows of a job. */
export interface ShownJob
  extends Pick<LiveJob, "jobId" | "kind" | "state" | "progress" | "message" | "changedAt"> {
  /** When the job was first heard of, by this browser's clock. */
  readonly seenAt: number;
}

/** Work that is over sooner (forecasts are made every few minutes) would only make the page flicker. */
const LONG_MS = 4_000;

/** A failure is shown this long: long enough to be seen, short enough not to nag. */
const FAILED_SHOWN_MS = 60_000;

/** The strip never pushes the page away; further work waits its turn out of sight. */
const SHOWN_MAX = 3;

type KindName = "jobs.simulateHistory" | "jobs.trainForecast" | "jobs.predictForecast";
const kindNames: Readonly<Record<string, KindName>> = {
  "simulate-history": "jobs.simulateHistory",
  "train-forecast": "jobs.trainForecast",
  "predict-forecast": "jobs.predictForecast",
};

/** Keeps the newest word on each job, whichever way it came. */
export function takeJob(known: readonly ShownJob[], job: ShownJob): readonly ShownJob[] {
  const before = known.find(({ jobId }) => jobId === job.jobId);
  if (before !== undefined && before.changedAt > job.changedAt) return known;
  const seenAt = Math.min(before?.seenAt ?? job.seenAt, job.seenAt);
  return [...known.filter(({ jobId }) => jobId !== job.jobId), { ...job, seenAt }];
}

/** What has been running for a while, then what waits, then what failed a moment ago. */
export function visibleJobs(jobs: readonly ShownJob[], now: number): readonly ShownJob[] {
  const rank = { running: 0, queued: 1, failed: 2, done: 3 } as const;
  return jobs
    .filter(({ state, changedAt, seenAt }) => {
      if (state === "done") return false;
      return state === "failed" ? now - changedAt < FAILED_SHOWN_MS : now - seenAt >= LONG_MS;
    })
    .toSorted((a, b) => rank[a.state] - rank[b.state] || a.kind.localeCompare(b.kind))
    .slice(0, SHOWN_MAX);
}

/** A job in words: what it is, and what it says of its progress. */
export function jobText({ kind, message }: Pick<ShownJob, "kind" | "message">): string {
  const key = kindNames[kind];
  const name = key === undefined ? kind : text(key);
  return message === "" ? name : text("jobs.named", { name, message });
}
