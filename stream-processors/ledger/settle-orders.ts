import {
  advanceCheckpoint,
  appError,
  findAppError,
  inOneWrite,
  inTransaction,
  isDataFault,
  type LogBatch,
  type LogRecord,
  lockCheckpoint,
  type Transaction,
} from "@tillcast/core";
import { LEDGER_GROUP, orderSnapshotCodec } from "@tillcast/schemas";
import type { Pool } from "pg";
import { currentFold, type Fold } from "./fold/fold.ts";
import { type ArrivedOrder, arrivedOrder, foldOrders } from "./fold/fold-orders.ts";
import { postFolded, type SettledBatch } from "./post-folded.ts";
import { loadHeads } from "./store/order-heads.ts";
import { type BatchTraces, tracesOf } from "./trace-batch.ts";

/** A batch of the log that is settled, and the traces that its records belong to. */
export interface SettledLogBatch extends SettledBatch {
  readonly traces: BatchTraces;
}

/**
 * The processor's whole story: one batch of one partition becomes heads, ledger entries and rollups, and
 * the checkpoint moves, all in one transaction or not at all.
 *
 * Locks come always in this order: checkpoint, order heads by key, store sequences by id, rollup rows
 * (which the sequences cover). A writer that finds a head moved rolls back and folds again.
 */
export async function settleOrders(
  pool: Pool,
  batch: LogBatch,
  wholeFromMs: number,
  fold: Fold = currentFold,
): Promise<SettledLogBatch> {
  const arrived = batch.records.map((record) => decodeOrder(record, fold));
  const traces = tracesOf(batch.records, (index) => arrived[index]?.order.storeId);
  for (let attempt = 1; ; attempt += 1) {
    try {
      const work = (tx: Transaction) => settleOnce(tx, batch, arrived, wholeFromMs);
      return { ...(await inTransaction(pool, work, { pipelined: true })), traces };
    } catch (error) {
      if (isDataFault(error))
        throw appError("undecodable", dataFault(batch, error), { cause: error });
      const moved = findAppError(error)?.code === "headMoved";
      if (attempt >= headConflictTriesMax || !moved) throw error;
    }
  }
}

const dataFault = (batch: LogBatch, error: Error) => ({
  what: `a record of ${batch.topic}, partition ${batch.partition}`,
  reason: error.message,
});

/** Two partitions carrying one order meet now and then; more in a row means that something is wrong. */
const headConflictTriesMax = 10;

async function settleOnce(
  tx: Transaction,
  batch: LogBatch,
  arrived: readonly ArrivedOrder[],
  wholeFromMs: number,
): Promise<SettledBatch> {
  const key = {
    group: LEDGER_GROUP,
    topic: batch.topic,
    topicId: batch.topicId,
    partition: batch.partition,
  };
  // The lock is first on the wire, so that a member that lost the partition stops before any work.
  const [, , heads] = await inOneWrite(tx, () => [
    lockCheckpoint(tx, key, batch.position),
    tx.query(planByIndex),
    loadHeads(tx, arrived),
  ]);
  const { position: from, nextPosition: to } = batch;
  const settledRecords = arrived.length;
  const advance = () => advanceCheckpoint(tx, { ...key, from, to, settledRecords });
  return postFolded(tx, foldOrders(heads, arrived), { wholeFromMs, advance });
}

/**
 * Batches find their rows by key, whatever the statistics said when a plan was made: a plan from the
 * time when a table was empty would scan it whole for ever after.
 */
const planByIndex = {
  name: "ledger-plan-by-index",
  text: `select set_config('plan_cache_mode', 'force_generic_plan', true),
                set_config('enable_seqscan', 'off', true),
                set_config('enable_hashjoin', 'off', true),
                set_config('enable_mergejoin', 'off', true)`,
};

/** Folds orders onto the tables outside live processing, and tells nobody. */
export async function applyOrders(
  tx: Transaction,
  arrived: readonly ArrivedOrder[],
): Promise<void> {
  const heads = await loadHeads(tx, arrived);
  const advance = () => Promise.resolve();
  const folded = foldOrders(heads, arrived);
  await postFolded(tx, folded, { wholeFromMs: Number.POSITIVE_INFINITY, advance });
}

/** Reads a record; one that is no order snapshot is a deterministic fault and goes to the dead letters. */
export function decodeOrder(record: LogRecord, fold: Fold): ArrivedOrder {
  try {
    return arrivedOrder(orderSnapshotCodec.decode(record.value), record.value, fold);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : "not this shape";
    const what = `The order snapshot at offset ${record.offset} of partition ${record.partition}`;
    throw appError("undecodable", { what, reason }, { cause });
  }
}
