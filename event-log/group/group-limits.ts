import type { PauseLimits } from "@tillcast/core";

/** Limits of membership and of working through a partition, the same on either log. */
export interface GroupLimits extends PauseLimits {
  /** How often members look at how the partitions are shared; also keeps the lock session alive. */
  readonly shareIntervalMs: number;
  /** The server ends a lock session that is silent for this long, as a stopped process is. */
  readonly lockSessionIdleMs: number;
  /** A member that has not reached its lock session for this long stops; less than the server's limit. */
  readonly lockLeaseMs: number;
  /** A partition stopped by a named error is looked at again this often. */
  readonly stoppedRecheckMs: number;
  /** Of the last hundred records of a partition so many may be set aside; one more stops it. */
  readonly setAsideMax: number;
  /** A schema that nobody has registered may still come for this long; then the partition stops. */
  readonly schemaWaitMs: number;
}

/** The limits of the product; tests shorten some. */
export const defaultGroupLimits: GroupLimits = {
  shareIntervalMs: 500,
  lockSessionIdleMs: 10_000,
  lockLeaseMs: 7_000,
  stoppedRecheckMs: 30_000,
  setAsideMax: 20,
  schemaWaitMs: 300_000,
  retryPauseMinMs: 50,
  retryPauseMaxMs: 10_000,
};
