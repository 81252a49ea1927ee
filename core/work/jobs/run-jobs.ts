import type { Pool } from "pg";
import { findAppError } from "../../errors.ts";
import type { Logger } from "../../logging.ts";
import { startPolling } from "../polling.ts";
import { claimJob, type Job, releaseAbandonedJobs, saveProgress, settleJob } from "./job-table.ts";

/** What a handler may do while its job runs. */
export interface JobContext {
  /** Tells how far the work is: 0 to 1, and a phrase for people. Stored a few times a second at most. */
  progress(fraction: number, message: string): void;
  /** Aborts when the process stops or another process has taken the job over. */
  readonly signal: AbortSignal;
}

/** Does one kind of job; what it throws is stored, and tried again unless it is deterministic. */
export type JobHandler = (job: Job, context: JobContext) => Promise<void>;

/** Named limits; `defaultJobLimits` has the usual ones. */
export interface JobLimits {
  readonly runningMax: number;
  readonly pollMs: number;
  readonly progressEveryMs: number;
  readonly heartbeatMs: number;
  readonly abandonedAfterMs: number;
  readonly attemptsMax: number;
  readonly retryPauseMs: number;
}

export const defaultJobLimits: JobLimits = {
  // Long work must leave processor time to live orders.
  runningMax: 2,
  pollMs: 1_000,
  progressEveryMs: 250,
  heartbeatMs: 3_000,
  // Several heartbeats: a busy event loop is not a dead process.
  abandonedAfterMs: 15_000,
  attemptsMax: 3,
  retryPauseMs: 5_000,
};

export interface RunJobsOptions {
  /** The service role's pool. */
  readonly pool: Pool;
  readonly kinds: Readonly<Record<string, JobHandler>>;
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

/** Works on the queued jobs of the given kinds until stopped. */
export function runJobs(options: RunJobsOptions): JobRunner {
  const limits = { ...defaultJobLimits, ...options.limits };
  const kinds = Object.keys(options.kinds);
  const running = new Set<Promise<void>>();
  const stopping = new AbortController();
  const changed = (job: Job | undefined) => {
    if (job !== undefined) options.onChange?.(job);
  };

  const polling = startPolling({
    name: "jobs",
    everyMs: limits.pollMs,
    log: options.log,
    async step() {
      const abandoned = await releaseAbandonedJobs(
        options.pool,
        limits.abandonedAfterMs,
        limits.attemptsMax,
        kinds,
      );
      abandoned.forEach(changed);
      if (running.size >= limits.runningMax) return false;
      const job = await claimJob(options.pool, kinds);
      if (job === undefined) return false;
      changed(job);
      const attempt = runAttempt({ options, limits, job, changed, stopping: stopping.signal });
      running.add(attempt);
      void attempt.finally(() => {
        running.delete(attempt);
        polling.wake();
      });
      return true;
    },
  });

  return {
    wake: () => polling.wake(),
    async stop() {
      stopping.abort();
      await polling.stop();
      await Promise.all(running);
    },
  };
}

interface Attempt {
  readonly options: RunJobsOptions;
  readonly limits: JobLimits;
  readonly job: Job;
  readonly changed: (job: Job | undefined) => void;
  readonly stopping: AbortSignal;
}

/** Runs the handler beside a heartbeat that also carries its progress. Never rejects. */
async function runAttempt({ options, limits, job, changed, stopping }: Attempt): Promise<void> {
  const lost = new AbortController();
  let fraction = 0;
  let message = "";
  let savedAtMs = performance.now();
  let isStale = false;
  const beat = startPolling({
    name: `job ${job.kind}`,
    everyMs: limits.progressEveryMs,
    log: options.log,
    async step() {
      const sinceMs = performance.now() - savedAtMs;
      if (!isStale && sinceMs < limits.heartbeatMs) return false;
      isStale = false;
      savedAtMs = performance.now();
      const saved = await saveProgress(options.pool, job, fraction, message);
      if (saved === undefined) lost.abort();
      changed(saved);
      return false;
    },
  });
  const context: JobContext = {
    signal: AbortSignal.any([stopping, lost.signal]),
    progress(nextFraction, nextMessage) {
      fraction = Math.min(1, Math.max(0, nextFraction));
      message = nextMessage;
      isStale = true;
    },
  };
  let fault: unknown;
  try {
    const handler = options.kinds[job.kind];
    if (handler === undefined) throw new Error(`no handler for jobs of kind ${job.kind}`);
    // A stop between claim and start would leave the handler waiting for an abort that has passed.
    stopping.throwIfAborted();
    await handler(job, context);
  } catch (error) {
    fault = error ?? new Error("the handler rejected without an error");
  }
  await beat.stop();
  try {
    if (isStale) await saveProgress(options.pool, job, fraction, message);
    changed(await settleAttempt(options, limits, job, fault, stopping.aborted));
  } catch (error) {
    // The job stays running without a heartbeat, and is released after `abandonedAfterMs`.
    options.log.error({ err: error, jobId: job.jobId }, "job outcome not stored");
  }
}

function settleAttempt(
  options: RunJobsOptions,
  limits: JobLimits,
  job: Job,
  fault: unknown,
  isStopping: boolean,
): Promise<Job | undefined> {
  const { pool, log } = options;
  if (fault === undefined) return settleJob(pool, job, { state: "done" });
  if (isStopping) return settleJob(pool, job, { state: "queued", isForgiven: true });
  const error = fault instanceof Error ? fault.message : String(fault);
  const isHopeless =
    findAppError(fault)?.deterministic === true || job.attempts >= limits.attemptsMax;
  log.error({ err: fault, jobId: job.jobId, kind: job.kind, isHopeless }, "job failed");
  if (isHopeless) return settleJob(pool, job, { state: "failed", error });
  const delayMs = limits.retryPauseMs * job.attempts;
  return settleJob(pool, job, { state: "queued", error, delayMs });
}
