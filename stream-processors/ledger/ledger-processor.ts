import { type Clock, failPoint, type Logger, type Metrics, type Settings } from "@tillcast/core";
import type { Database } from "@tillcast/core/database";
import type { EventLog, LogBatch } from "@tillcast/event-log";
import { LEDGER_GROUP, type SalesUpdated, topics } from "@tillcast/schemas";
import type { streamProcessorSettings } from "../config.ts";
import { startAnnouncer } from "./announce-stores.ts";
import type { Fold } from "./fold/fold.ts";
import { gatherBatches } from "./gather-batches.ts";
import { ledgerMetrics } from "./ledger-metrics.ts";
import { makeLiveDelay } from "./live-delay.ts";
import { publishUntilDone, salesUpdates, wholeWindowAgeMaxMs } from "./publish-sales.ts";
import { type SettledLogBatches, settleOrders } from "./settle-orders.ts";
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
 * Runs the ledger processor: live orders and history, settled batch by batch, then published. The
 * processor keeps no state of its own; a restart or a partition's move needs nothing.
 */
export async function startLedgerProcessor(
  deps: ProcessorDeps,
): Promise<{ stop(): Promise<void> }> {
  const { database, eventLog, log, clock, settings } = deps;
  const metrics = ledgerMetrics(deps.metrics);
  await saveWriterSchemas(database.service);
  const liveDelay = makeLiveDelay({ clock, delayMaxMs: settings.LEDGER_LIVE_DELAY_MAX_MS });
  const announcer = startAnnouncer({
    pool: database.service,
    eventLog,
    log,
    intervalMs: settings.LEDGER_ANNOUNCE_INTERVAL_MS,
  });

  async function settle(batches: readonly LogBatch[]): Promise<TimedSettling> {
    const startedAtMs = clock.now();
    const startedAt = performance.now();
    const wholeFromMs = startedAtMs - wholeWindowAgeMaxMs;
    const settled = await settleOrders(database.service, batches, wholeFromMs, deps.fold);
    const seconds = (performance.now() - startedAt) / 1_000;
    metrics.settled(batches, settled, seconds, clock.now());
    for (const storeId of settled.stamps.keys()) announcer.changed(storeId);
    return { settled, startedAtMs, endedAtMs: startedAtMs + seconds * 1_000 };
  }

  /**
   * What each partition publishes. It goes on while the next batch settles, which halves the time that an
   * order waits for its turn; should it fail, that batch waits for it, so that order stays.
   */
  const publishing = new Map<string, Promise<void>>();
  /** A process that is to stop does not wait for a log that cannot be reached. */
  let isStopping = false;

  async function publish(
    batches: readonly LogBatch[],
    { settled, ...time }: TimedSettling,
  ): Promise<void> {
    const partitions = batches.map(({ topic, partition }) => `${topic}/${partition}`);
    await Promise.all(partitions.map((partition) => publishing.get(partition)));
    await failPoint("ledger.afterCommit");
    const traces = recordSettling(batches, settled.traces, time);
    const updates = salesUpdates(settled, clock.now());
    // A member loses its partitions all together, so that any batch's signal speaks for the others.
    const published = publishInOrder(updates, traces, batches[0]?.signal ?? AbortSignal.abort());
    for (const partition of partitions) publishing.set(partition, published);
  }

  async function publishInOrder(
    updates: readonly SalesUpdated[],
    traces: StoreTraces,
    signal: AbortSignal,
  ): Promise<void> {
    if (updates.length === 0 || signal.aborted) return;
    const publishedAt = performance.now();
    const goesOn = () => !(signal.aborted || isStopping);
    await publishUntilDone({ eventLog, log }, updates, goesOn, traces);
    if (goesOn()) metrics.published((performance.now() - publishedAt) / 1_000);
  }

  const maxBytes = settings.LEDGER_BATCH_MAX_BYTES;
  const gather = (limits: { readonly transactionsAtOnce: number; readonly maxCount: number }) =>
    gatherBatches({ ...limits, maxBytes, settle, afterCommit: publish });
  const settleLive = gather({
    transactionsAtOnce: settings.LEDGER_TRANSACTIONS_AT_ONCE,
    maxCount: settings.LEDGER_BATCH_MAX_COUNT,
  });
  const settleHistory = gather({
    transactionsAtOnce: settings.LEDGER_BACKFILL_TRANSACTIONS_AT_ONCE,
    maxCount: settings.LEDGER_BACKFILL_BATCH_MAX_COUNT,
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
    settle: (batch) => liveDelay.during(batch, () => settleLive(batch)),
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
    settle: async (batch) => {
      await liveDelay.untilShort(batch.signal);
      await settleHistory(batch);
    },
  });
  return {
    stop: async () => {
      isStopping = true;
      await Promise.all([live.close(), backfill.close()]);
      await Promise.all(publishing.values());
      await announcer.stop();
    },
  };
}

interface TimedSettling {
  readonly settled: SettledLogBatches;
  readonly startedAtMs: number;
  readonly endedAtMs: number;
}
