import { appError, findAppError } from "@tillcast/core";
import { inOneWrite, inTransaction, isDataFault, type Transaction } from "@tillcast/core/database";
import {
  advanceCheckpoints,
  type CheckpointPlace,
  type LogBatch,
  lockCheckpoints,
} from "@tillcast/event-log";
import { LEDGER_GROUP } from "@tillcast/schemas";
import type { Pool } from "pg";
import { decodeOrder } from "./decode-order.ts";
import { currentFold, type Fold } from "./fold/fold.ts";
import { foldOrders } from "./fold/fold-orders.ts";
import type { ArrivedOrder } from "./fold/order-head.ts";
import { postFolded, type SettledBatch } from "./post-folded.ts";
import { loadHeads } from "./store/load-heads.ts";
import { type BatchTraces, tracesOf } from "./trace-batch.ts";

/** Batches of the log that are settled, and the traces that the records of each belong to. */
export interface SettledLogBatches extends SettledBatch {
  readonly traces: readonly BatchTraces[];
}

/**
 * Settles what a transaction of the schedule takes: batches of one topic, each of another partition, become heads, ledger
 * entries and rollups, and the checkpoints move, all in one transaction or not at all.
 *
 * Locks come always in this order: checkpoints by partition, order heads by key, store sequences by id,
 * rollup rows (which the sequences cover). A writer that finds a head moved rolls back and folds again.
 */
export async function settleOrders(
  pool: Pool,
  batches: readonly LogBatch[],
  wholeFromMs: number,
  fold: Fold = currentFold,
): Promise<SettledLogBatches> {
  const inOrder = batches.toSorted((a, b) => a.partition - b.partition);
  const arrived = new Map(
    batches.map((batch) => [batch, batch.records.map((record) => decodeOrder(record, fold))]),
  );
  const traces = batches.map((batch) =>
    tracesOf(batch.records, (index) => arrived.get(batch)?.[index]?.order.storeId),
  );
  const orders = inOrder.flatMap((batch) => arrived.get(batch) ?? []);
  for (let attempt = 1; ; attempt += 1) {
    try {
      const work = (tx: Transaction) => settleOnce(tx, inOrder, orders, wholeFromMs);
      return { ...(await inTransaction(pool, work, { pipelined: true })), traces };
    } catch (error) {
      if (isDataFault(error))
        throw appError("undecodable", dataFault(inOrder, error), { cause: error });
      const moved = findAppError(error)?.code === "headMoved";
      if (attempt >= headConflictTriesMax || !moved) throw error;
    }
  }
}

const dataFault = (batches: readonly LogBatch[], error: Error) => ({
  what: `a record of ${batches.map(({ topic, partition }) => `${topic}/${partition}`).join(", ")}`,
  reason: error.message,
});

/** Two partitions carrying one order meet now and then; more in a row means that something is wrong. */
const headConflictTriesMax = 10;

async function settleOnce(
  tx: Transaction,
  batches: readonly LogBatch[],
  arrived: readonly ArrivedOrder[],
  wholeFromMs: number,
): Promise<SettledBatch> {
  // The locks are first on the wire, so that a member that lost a partition stops before any work.
  const [, , heads] = await inOneWrite(tx, () => [
    lockAll(tx, batches),
    tx.query(planByIndex),
    loadHeads(tx, arrived),
  ]);
  const advance = () => advanceBehind(tx, batches);
  return postFolded(tx, foldOrders(heads, arrived), { wholeFromMs, advance });
}

/** There is at least one batch, and all are of one topic. */
function placeOf(batches: readonly LogBatch[]): CheckpointPlace {
  const { topic, topicId } = batches[0] as LogBatch;
  return { group: LEDGER_GROUP, topic, topicId };
}

const lockAll = (tx: Transaction, batches: readonly LogBatch[]) =>
  lockCheckpoints(
    tx,
    placeOf(batches),
    batches.map(({ partition }) => partition),
    new Map(batches.map(({ partition, position }) => [partition, position])),
  );

const advanceBehind = (tx: Transaction, batches: readonly LogBatch[]) =>
  advanceCheckpoints(
    tx,
    placeOf(batches),
    batches.map(({ partition, position, nextPosition, records }) => ({
      partition,
      from: position,
      to: nextPosition,
      settledRecords: records.length,
    })),
  );

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
