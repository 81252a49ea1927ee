import type { LogRecord } from "../port.ts";

/** Consecutive records of a partition, and the position after them. */
export interface TakenRecords {
  readonly records: readonly LogRecord[];
  readonly nextPosition: bigint;
}

/** Reads the records of one partition in order, batch by batch. Each adapter has its own. */
export interface BatchReader {
  /** Resolves with the next batch, or with undefined when `stopping` aborts. Throws if records are missing. */
  take(stopping: AbortSignal): Promise<TakenRecords | undefined>;
  /** Stops reading. */
  close(): void;
}
