import type { Job } from "./job-rows.ts";

/** What a handler may do while its job runs. */
export interface JobContext {
  /** Tells how far the work is: 0 to 1, and a phrase for people. Stored a few times a second at most. */
  progress(fraction: number, message: string): void;
  /** Aborts when the process stops or another process has taken the job over. */
  readonly signal: AbortSignal;
}

/** Does one kind of job; what it throws is stored, and tried again unless it is deterministic. */
export type JobHandler = (job: Job, context: JobContext) => Promise<void>;

/** One kind of job, declared by the service that does it. */
export interface JobKind {
  /** As it stands in the job table. */
  readonly name: string;
  readonly run: JobHandler;
  /**
   * Jobs of this kind that run at once in one process. Each kind has its own, so that none waits for another:
   * a year's backfill does not keep a training from starting.
   */
  readonly atOnce: number;
  /** Jobs of this kind that run at once for one tenant, over all processes; default 1. */
  readonly perTenant?: number;
  /** Attempts before a job gives up; default 3. An attempt that a stop interrupts does not count. */
  readonly attemptsMax?: number;
  /** Queues a job of the whole installation by itself, such as `17 3 * * *` (UTC). */
  readonly cron?: string;
}

/** The parts of a kind that claiming needs, with what is left out filled in. */
export interface KindLimits {
  readonly kind: string;
  readonly perTenant: number;
  readonly attemptsMax: number;
}

const attemptsMaxDefault = 3;

/** A kind's limits over all processes. */
export const limitsOf = ({ name, perTenant, attemptsMax }: JobKind): KindLimits => ({
  kind: name,
  perTenant: perTenant ?? 1,
  attemptsMax: attemptsMax ?? attemptsMaxDefault,
});
