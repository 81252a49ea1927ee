import type { LogRecord } from "../port.ts";

/** Consecutive records of a partition, and the position behind them. */
export interface TakenRecords {
  readonly records: readonly LogRecord[];
  readonly nextPosition: bigint;
}

/** The records of one partition in order, cut into batches; each adapter reads them in its own way. */
export interface PartitionFeed {
  /** Waits for the next batch; undefined once `stopping` aborts. Raises when records are missing. */
  take(stopping: AbortSignal): Promise<TakenRecords | undefined>;
  /** Lets go of what is held. */
  close(): void;
}
