import type { PauseLimits } from "../pause.ts";

/** Every limit of the PostgreSQL log, each with its reason. */
export interface PostgresLogLimits extends PauseLimits {
  /** Most records of one append statement: beyond 500 larger batches gain little. */
  readonly appendBatchMaxCount: number;
  /** Most bytes of one append statement; one larger record still goes alone. */
  readonly appendBatchMaxBytes: number;
  /** After a flush the next one waits this long for company; an idle log flushes at once. */
  readonly appendLingerMs: number;
  /** Most records that wait for the log, per topic; more are refused as `overloaded`. */
  readonly appendQueueMaxCount: number;
  /** Most bytes that wait for the log, per topic. */
  readonly appendQueueMaxBytes: number;
  /** After this long without an answer an append is reported as failed. */
  readonly appendTimeoutMs: number;
  /** Largest single record: key, value and headers together. */
  readonly recordMaxBytes: number;
  /** Memory per topic for the newest batches, from which readers in this process are served. */
  readonly recentMaxBytes: number;
  /** Heals a lost notification. */
  readonly pollIntervalMs: number;
  /** Notifications to other processes are gathered for this long: each one costs a commit. */
  readonly notifyIntervalMs: number;
  /** How often members look at how the partitions are shared; also keeps the lock session alive. */
  readonly shareIntervalMs: number;
  /** The server ends a lock session that is silent for this long, as a stopped process is. */
  readonly lockSessionIdleMs: number;
  /** A member that has not reached its lock session for this long stops; less than the server's limit. */
  readonly lockLeaseMs: number;
  /** A partition stopped by a named error is looked at again this often. */
  readonly stoppedRecheckMs: number;
}

/** The limits of the product; tests shorten some. */
export const defaultLogLimits: PostgresLogLimits = {
  appendBatchMaxCount: 500,
  appendBatchMaxBytes: 1_048_576,
  appendLingerMs: 5,
  appendQueueMaxCount: 20_000,
  appendQueueMaxBytes: 67_108_864,
  appendTimeoutMs: 10_000,
  recordMaxBytes: 4_194_304,
  recentMaxBytes: 8_388_608,
  pollIntervalMs: 250,
  notifyIntervalMs: 10,
  shareIntervalMs: 500,
  lockSessionIdleMs: 10_000,
  lockLeaseMs: 7_000,
  stoppedRecheckMs: 30_000,
  retryPauseMinMs: 50,
  retryPauseMaxMs: 10_000,
};
