import { inTransaction } from "@tillcast/core/database";
import type { Pool } from "pg";
import { advanceCheckpoint, lockCheckpoint } from "../../checkpoint.ts";
import type { LogBatch, LogRecord, SubscribeOptions } from "../../port.ts";

/** A reader that keeps what it settled in a list, and its checkpoint in the database. */
export interface Recorder {
  readonly settled: LogRecord[];
  readonly batches: LogBatch[];
  readonly settle: SubscribeOptions["settle"];
}

/** Makes a recorder; `before` runs inside the transaction, before the checkpoint moves. */
export function makeRecorder(
  pool: Pool,
  group: string,
  before: (batch: LogBatch) => Promise<void> | void = () => undefined,
): Recorder {
  const settled: LogRecord[] = [];
  const batches: LogBatch[] = [];
  return {
    settled,
    batches,
    async settle(batch) {
      const { topic, topicId, partition, position, nextPosition } = batch;
      const key = { group, topic, topicId, partition };
      await inTransaction(pool, async (tx) => {
        await lockCheckpoint(tx, key, position);
        await before(batch);
        await advanceCheckpoint(tx, { ...key, from: position, to: nextPosition });
      });
      settled.push(...batch.records);
      batches.push(batch);
    },
  };
}
