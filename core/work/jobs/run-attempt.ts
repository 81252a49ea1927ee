/** One attempt at a job: its handler, beside a heartbeat that also carries the progress. */

import type { Pool } from "pg";
import { findAppError } from "../../errors.ts";
import type { Logger } from "../../logging.ts";
import { declareLoop } from "../loops/declare-loop.ts";
import { startLoop } from "../loops/start-loop.ts";
import { type AttemptEnd, saveProgress, settleJob } from "./claim-job.ts";
import { type JobContext, type JobKind, limitsOf } from "./job-kind.ts";
import type { Job } from "./job-rows.ts";

/** Named limits of every attempt. */
export interface AttemptLimits {
  readonly progressEveryMs: number;
  readonly heartbeatMs: number;
  /** The pause after the first failed attempt; later ones are longer. */
  readonly retryPauseMs: number;
}

export interface Attempt {
  readonly pool: Pool;
  readonly kind: JobKind;
  readonly job: Job;
  readonly log: Logger;
  readonly limits: AttemptLimits;
  /** Hears of the job's row after each change. */
  readonly changed: (job: Job | undefined) => void;
  /** Aborts when the process stops. */
  readonly stopping: AbortSignal;
}

const heartbeatLoop = declareLoop({
  name: "job heartbeat",
  does: "stores a running job's progress and proof of life",
  every: 250,
  stops: "with its job",
});

/** Runs the handler and stores how it ended. Never rejects. */
export async function runAttempt(attempt: Attempt): Promise<void> {
  const { pool, kind, job, log, limits, changed, stopping } = attempt;
  const lost = new AbortController();
  let fraction = 0;
  let message = "";
  let savedAtMs = performance.now();
  let isStale = false;
  const beat = startLoop(heartbeatLoop, {
    everyMs: limits.progressEveryMs,
    log,
    async step() {
      const sinceMs = performance.now() - savedAtMs;
      if (!isStale && sinceMs < limits.heartbeatMs) return;
      isStale = false;
      savedAtMs = performance.now();
      const saved = await saveProgress(pool, job, fraction, message);
      if (saved === undefined) lost.abort();
      changed(saved);
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
    // A stop between claim and start would leave the handler waiting for an abort that has passed.
    stopping.throwIfAborted();
    await kind.run(job, context);
  } catch (error) {
    fault = error ?? new Error("the handler rejected without an error");
  }
  await beat.stop();
  try {
    if (isStale) await saveProgress(pool, job, fraction, message);
    const end = endOf(attempt, fault);
    if (fault !== undefined && end.error !== undefined) {
      log.error({ err: fault, jobId: job.jobId, kind: job.kind, end: end.end }, "job failed");
    }
    changed(await settleJob(pool, job, end));
  } catch (error) {
    // The job stays running without a heartbeat, and another process takes it once that is missed.
    log.error({ err: error, jobId: job.jobId }, "job outcome not stored");
  }
}

function endOf({ kind, job, limits, stopping }: Attempt, fault: unknown): AttemptEnd {
  if (fault === undefined) return { end: "done" };
  if (stopping.aborted) return { end: "again", isForgiven: true };
  const error = fault instanceof Error ? fault.message : String(fault);
  if (findAppError(fault)?.deterministic === true) return { end: "refused", error };
  if (job.attempts >= limitsOf(kind).attemptsMax) return { end: "gave_up", error };
  return { end: "again", error, delayMs: limits.retryPauseMs * job.attempts };
}
