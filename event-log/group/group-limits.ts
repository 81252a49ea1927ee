import type { PauseLimits } from "@tillcast/core";

/** Limits of group membership and of work on a partition, the same on both logs. */
export interface GroupLimits extends PauseLimits {
  /** How often members compare the assignment of partitions. This also keeps the lock session alive. */
  readonly assignIntervalMs: number;
  /** The server ends a lock session that sends nothing for this long, as that of a hanging process. */
  readonly lockSessionIdleMs: number;
  /** A member stops work if its lock session has not answered for this long. Below the server's limit. */
  readonly lockLeaseMs: number;
  /** How often a stopped partition is tried again. */
  readonly stoppedRecheckMs: number;
  /** How many of a partition's last hundred records may be set aside. One more stops the partition. */
  readonly setAsideMax: number;
  /** How long a partition waits for a schema that is not registered yet. Then it stops. */
  readonly schemaWaitMs: number;
}

/** The limits of the product; tests shorten some. */
export const defaultGroupLimits: GroupLimits = {
  assignIntervalMs: 500,
  lockSessionIdleMs: 10_000,
  lockLeaseMs: 7_000,
  stoppedRecheckMs: 30_000,
  setAsideMax: 20,
  schemaWaitMs: 300_000,
  retryPauseMinMs: 50,
  retryPauseMaxMs: 10_000,
};
