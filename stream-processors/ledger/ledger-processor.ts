import type { Clock, Logger, Metrics, Settings } from "@tillcast/core";
import type { Database } from "@tillcast/core/database";
import type { EventLog, LogBatch } from "@tillcast/event-log";
import { LEDGER_GROUP, type SalesUpdated, topics } from "@tillcast/schemas";
import type { streamProcessorSettings } from "../config.ts";
import { startAnnouncer } from "./announce-stores.ts";
import { makeBatchScheduler } from "./batch-scheduler.ts";
import type { Fold } from "./fold/fold.ts";
import { ledgerMetrics } from "./ledger-metrics.ts";
import type { SettledBatch } from "./post-folded.ts";
import { publishUntilDone, salesUpdates, wholeWindowAgeMaxMs } from "./publish-sales.ts";
import { settleOrders } from "./settle-orders.ts";
import { saveWriterSchemas } from "./store/writer-schemas.ts";
import { recordSettling, type StoreTraces } from "./trace-batch.ts";

/** What the stream processors stand on. */
export interface ProcessorDeps {
  readonly database: Database;
  readonly eventLog: EventLog;
  readonly clock: Clock;
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly settings: Settings<typeof streamProcessorSettings>;
  /** How orders become postings; this version's own when absent. */
  readonly fold?: Fold;
}

/**
 * Runs the ledger processor: live orders and history are settled batch by batch (`settle-orders.ts`) and then
 * published (`publish-sales.ts`), as `batch-scheduler.ts` tells. A restart or a partition's move needs nothing.
 */
export async function startLedgerProcessor(
  deps: ProcessorDeps,
): Promise<{ stop(): Promise<void> }> {
  const { database, eventLog, log, clock, settings } = deps;
  const metrics = ledgerMetrics(deps.metrics);
  await saveWriterSchemas(database.service);
  const announcer = startAnnouncer({
    pool: database.service,
    eventLog,
    log,
    intervalMs: settings.LEDGER_ANNOUNCE_INTERVAL_MS,
  });

  async function settle(batches: readonly LogBatch[]): Promise<SettledTransaction> {
    const startedAtMs = clock.now();
    const startedAt = performance.now();
    const wholeFromMs = startedAtMs - wholeWindowAgeMaxMs;
    const { traces, ...settled } = await settleOrders(
      database.service,
      batches,
      wholeFromMs,
      deps.fold,
    );
    const seconds = (performance.now() - startedAt) / 1_000;
    metrics.settled(batches, settled, seconds, clock.now());
    for (const storeId of settled.stamps.keys()) announcer.changed(storeId);
    const time = { startedAtMs, endedAtMs: startedAtMs + seconds * 1_000 };
    return { settled, traces: recordSettling(batches, traces, time) };
  }

  function publish({ settled, traces }: SettledTransaction, goesOn: () => boolean): Promise<void> {
    const updates = salesUpdates(settled, clock.now());
    return updates.length === 0 ? Promise.resolve() : publishTimed(updates, goesOn, traces);
  }

  async function publishTimed(
    updates: readonly SalesUpdated[],
    goesOn: () => boolean,
    traces: StoreTraces,
  ): Promise<void> {
    const startedAt = performance.now();
    await publishUntilDone({ eventLog, log }, updates, goesOn, traces);
    if (goesOn()) metrics.published((performance.now() - startedAt) / 1_000);
  }

  const maxBytes = settings.LEDGER_BATCH_MAX_BYTES;
  const scheduler = makeBatchScheduler({
    clock,
    live: {
      transactionsAtOnce: settings.LEDGER_TRANSACTIONS_AT_ONCE,
      maxCount: settings.LEDGER_BATCH_MAX_COUNT,
      maxBytes,
    },
    history: {
      transactionsAtOnce: settings.LEDGER_BACKFILL_TRANSACTIONS_AT_ONCE,
      maxCount: settings.LEDGER_BACKFILL_BATCH_MAX_COUNT,
      maxBytes,
    },
    liveDelayMaxMs: settings.LEDGER_LIVE_DELAY_MAX_MS,
    settle,
    publish,
  });
  const live = await eventLog.subscribe({
    topic: topics.orders.topic,
    group: LEDGER_GROUP,
    asWritten: true,
    limits: {
      batchMaxCount: settings.LEDGER_BATCH_MAX_COUNT,
      batchMaxBytes: maxBytes,
      partitionsAtOnce: topics.orders.partitions,
    },
    settle: scheduler.settleLive,
    onPartitionTaken: async () => announcer.announceAll(),
  });
  const backfill = await eventLog.subscribe({
    topic: topics.ordersBackfill.topic,
    group: LEDGER_GROUP,
    asWritten: true,
    limits: {
      batchMaxCount: settings.LEDGER_BACKFILL_BATCH_MAX_COUNT,
      batchMaxBytes: maxBytes,
      partitionsAtOnce: topics.ordersBackfill.partitions,
    },
    settle: scheduler.settleHistory,
  });
  return {
    stop: async () => {
      await scheduler.stop(() => Promise.all([live.close(), backfill.close()]));
      await announcer.stop();
    },
  };
}

/** What a transaction settled, and the trace with which the updates of each store go on. */
interface SettledTransaction {
  readonly settled: SettledBatch;
  readonly traces: StoreTraces;
}
