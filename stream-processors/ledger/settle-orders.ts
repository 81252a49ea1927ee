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
import { LEDGER_GROUP, type OpenSales, orderSnapshotCodec } from "@tillcast/schemas";
import type { Pool } from "pg";
import {
  type ArrivedOrder,
  arrivedOrder,
  type FoldedBatch,
  foldOrders,
  type OrderHead,
} from "./fold/fold-orders.ts";
import { rollupChanges } from "./fold/rollup-changes.ts";
import { addToHours, type TouchedWindows } from "./store/add-to-hours.ts";
import { loadKnownHours } from "./store/known-hours.ts";
import { postLedger } from "./store/ledger-entries.ts";
import { loadHeads, saveHeads } from "./store/order-heads.ts";
import { addToRows } from "./store/rollups.ts";
import { addToOpen, addToTenders, loadOpen } from "./store/side-rollups.ts";
import { makeStampOf, stamped } from "./store/stamped.ts";
import { advanceSequences, type StoreStamp } from "./store/store-sequences.ts";
import { type BatchTraces, tracesOf } from "./trace-batch.ts";

/** What a settled batch changed, for those who publish it. */
export interface SettledBatch {
  readonly stamps: ReadonlyMap<string, StoreStamp>;
  readonly windows: TouchedWindows;
  readonly open: ReadonlyMap<string, readonly OpenSales[]>;
  /** Latest receive time per store among the orders that changed something. */
  readonly receivedAt: ReadonlyMap<string, number>;
  readonly orders: number;
  readonly unchanged: number;
  readonly conflicts: number;
}

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
): Promise<SettledLogBatch> {
  const arrived = batch.records.map(decodeOrder);
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
  return postOrders(tx, heads, arrived, { wholeFromMs, advance });
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
  await postOrders(tx, heads, arrived, { wholeFromMs: Number.POSITIVE_INFINITY, advance });
}

interface PostOptions {
  readonly wholeFromMs: number;
  /** Moves the checkpoint, along with the last statements. */
  readonly advance: () => Promise<void>;
}

/**
 * Folds orders onto the tables; the part that live processing and replay share. Of windows that start
 * before `wholeFromMs` only the business dates are told.
 */
async function postOrders(
  tx: Transaction,
  heads: ReadonlyMap<string, OrderHead>,
  arrived: readonly ArrivedOrder[],
  { wholeFromMs, advance }: PostOptions,
): Promise<SettledBatch> {
  const folded = foldOrders(heads, arrived);
  const { stores, unchanged, conflicts } = folded;
  const counts = { orders: folded.heads.length, unchanged, conflicts };
  if (stores.size === 0) {
    await advance();
    const windows = { whole: [], earlierDates: new Map() };
    return { ...counts, stamps: new Map(), windows, open: new Map(), receivedAt: new Map() };
  }
  const changes = rollupChanges(folded);
  // Sent one behind the other without waiting; the connection keeps their order.
  const [, stamps] = await inOneWrite(tx, () => [
    saveHeads(tx, folded.heads),
    advanceSequences(tx, stores),
    postLedger(tx, folded.entries),
  ]);
  const stampOf = makeStampOf(stamps);
  const known = await loadKnownHours(tx, changes.byHour);
  const [windows, , , , open] = await inOneWrite(tx, () => [
    addToHours(tx, changes.byHour, known, stampOf, wholeFromMs),
    addToRows(tx, "rollup_day", stamped(changes.days, stampOf)),
    addToTenders(tx, stamped(changes.tenders, stampOf)),
    addToOpen(tx, stamped(changes.open, stampOf)),
    loadOpen(tx, [...stores.keys()]),
    advance(),
  ]);
  return { ...counts, stamps, windows, open, receivedAt: latestReceived(folded) };
}

/** Reads a record; one that is no order snapshot is a deterministic fault and goes to the dead letters. */
export function decodeOrder(record: LogRecord): ArrivedOrder {
  try {
    return arrivedOrder(orderSnapshotCodec.decode(record.value), record.value);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : "not this shape";
    const what = `The order snapshot at offset ${record.offset} of partition ${record.partition}`;
    throw appError("undecodable", { what, reason }, { cause });
  }
}

function latestReceived(folded: FoldedBatch): Map<string, number> {
  const latest = new Map<string, number>();
  for (const { order } of folded.heads) {
    latest.set(order.storeId, Math.max(order.receivedAt, latest.get(order.storeId) ?? 0));
  }
  return latest;
}
