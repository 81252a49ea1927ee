import { type AppendLimits, defaultAppendLimits } from "../append/append-limits.ts";
import { defaultGroupLimits, type GroupLimits } from "../group/group-limits.ts";

/** Every limit of the PostgreSQL log, each with its reason. */
export interface PostgresLogLimits extends AppendLimits, GroupLimits {
  /** Most bytes of recent batches kept in memory per topic, for readers in this process. */
  readonly recentMaxBytes: number;
  /** How often the ends are queried, in case a notification was lost. */
  readonly pollIntervalMs: number;
  /** How long notifications to other processes are combined. Each one costs a commit. */
  readonly notifyIntervalMs: number;
}

/** The limits of the product; tests shorten some. */
export const defaultPostgresLimits: PostgresLogLimits = {
  ...defaultAppendLimits,
  ...defaultGroupLimits,
  recentMaxBytes: 8_388_608,
  pollIntervalMs: 250,
  notifyIntervalMs: 5,
};
