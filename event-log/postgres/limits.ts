import { type AppendLimits, defaultAppendLimits } from "../append/append-limits.ts";
import { defaultGroupLimits, type GroupLimits } from "../group/group-limits.ts";

/** Every limit of the PostgreSQL log, each with its reason. */
export interface PostgresLogLimits extends AppendLimits, GroupLimits {
  /** Memory per topic for the newest batches, from which readers in this process are served. */
  readonly recentMaxBytes: number;
  /** Heals a lost notification. */
  readonly pollIntervalMs: number;
  /** Notifications to other processes are gathered for this long: each one costs a commit. */
  readonly notifyIntervalMs: number;
}

/** The limits of the product; tests shorten some. */
export const defaultLogLimits: PostgresLogLimits = {
  ...defaultAppendLimits,
  ...defaultGroupLimits,
  recentMaxBytes: 8_388_608,
  pollIntervalMs: 250,
  notifyIntervalMs: 5,
};
