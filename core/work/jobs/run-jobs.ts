import type { Pool } from "pg";
import type { Logger } from "../../logging.ts";
import { declareLoop } from "../loops/declare-loop.ts";
import { startLoop } from "../loops/start-loop.ts";
import { claimJob, releaseAbandonedJobs } from "./claim-job.ts";
import { type JobKind, limitsOf } from "./job-kind.ts";
import type { Job } from "./job-rows.ts";
import { type AttemptLimits, runAttempt } from "./run-attempt.ts";
import { isScheduled, queueScheduledJobs, saveSchedules } from "./schedule-jobs.ts";

/** Named limits; `defaultJobLimits` has the usual ones. */
export interface JobLimits extends AttemptLimits {
  readonly pollMs: number;
  readonly abandonedAfterMs: number;
}

export const defaultJobLimits: JobLimits = {
  pollMs: 1_000,
  progressEveryMs: 250,
  heartbeatMs: 3_000,
  // Several heartbeats: a busy event loop is not a dead process.
  abandonedAfterMs: 15_000,
  retryPauseMs: 5_000,
};

export interface RunJobsOptions {
  /** The service role's pool. */
  readonly pool: Pool;
  readonly kinds: readonly JobKind[];
  readonly log: Logger;
  /** Hears of every change of every job that runs here. */
  readonly onChange?: (job: Job) => void;
  readonly limits?: Partial<JobLimits>;
}

/** A worker of jobs. */
export interface JobRunner {
  /** Looks for a job now; call it after queueing one. */
  wake(): void;
  /** Takes no more jobs, aborts the running ones and queues them again. Safe to call twice. */
  stop(): Promise<void>;
}

const jobsLoop = declareLoop({
  name: "jobs",
  does: "queues jobs that are due by schedule, frees those of dead processes, starts those that may run",
  every: 1_000,
  stops: "running jobs are aborted and queued again",
});

/** Works on the queued jobs of the given kinds until stopped, and queues those that have a schedule. */
export function runJobs(options: RunJobsOptions): JobRunner {
  const { pool, log } = options;
  const limits = { ...defaultJobLimits, ...options.limits };
  const kinds = new Map(options.kinds.map((kind) => [kind.name, kind]));
  const kindLimits = options.kinds.map(limitsOf);
  const scheduled = options.kinds.filter(isScheduled);
  const running = new Map<Promise<void>, string>();
  const stopping = new AbortController();
  let isScheduleSaved = false;
  const changed = (job: Job | undefined) => {
    if (job !== undefined) options.onChange?.(job);
  };

  /** The kinds of which this process may start one more. */
  function startable() {
    const counts = new Map<string, number>();
    for (const name of running.values()) counts.set(name, (counts.get(name) ?? 0) + 1);
    return kindLimits.filter(
      ({ kind }) => (counts.get(kind) ?? 0) < (kinds.get(kind)?.atOnce ?? 0),
    );
  }

  function start(job: Job): void {
    const kind = kinds.get(job.kind);
    if (kind === undefined) throw new Error(`a job of kind ${job.kind} was claimed unasked`);
    const attempt = runAttempt({
      pool,
      kind,
      job,
      log,
      limits,
      changed,
      stopping: stopping.signal,
    });
    running.set(attempt, job.kind);
    void attempt.finally(() => {
      running.delete(attempt);
      loop.wake();
    });
  }

  const loop = startLoop(jobsLoop, {
    everyMs: limits.pollMs,
    log,
    async step() {
      if (!isScheduleSaved) await saveSchedules(pool, scheduled);
      isScheduleSaved = true;
      (await queueScheduledJobs(pool, scheduled)).forEach(changed);
      const abandoned = await releaseAbandonedJobs(pool, limits.abandonedAfterMs, kindLimits);
      abandoned.forEach(changed);
      const mayStart = startable();
      if (mayStart.length === 0) return false;
      const job = await claimJob(pool, mayStart);
      if (job === undefined) return false;
      changed(job);
      start(job);
      return true;
    },
  });

  return {
    wake: () => loop.wake(),
    async stop() {
      stopping.abort();
      await loop.stop();
      await Promise.all(running.keys());
    },
  };
}
