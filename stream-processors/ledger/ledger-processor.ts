import {
  type Clock,
  type Database,
  type EventLog,
  failPoint,
  type LogBatch,
  type Logger,
  type Metrics,
  type Settings,
} from "@tillcast/core";
import { LEDGER_GROUP, type SalesUpdated, topics } from "@tillcast/schemas";
import type { streamProcessorSettings } from "../config.ts";
import { startAnnouncer } from "./announce-stores.ts";
import type { Fold } from "./fold/fold.ts";
import { makeLargeBatches } from "./large-batches.ts";
import { ledgerMetrics } from "./ledger-metrics.ts";
import { makeLiveDelay } from "./live-delay.ts";
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

  async function settle(batch: LogBatch): Promise<void> {
    const startedAtMs = clock.now();
    const startedAt = performance.now();
    const wholeFromMs = clock.now() - wholeWindowAgeMaxMs;
    const settled = await settleOrders(database.service, batch, wholeFromMs, deps.fold);
    const settledSeconds = (performance.now() - startedAt) / 1_000;
    metrics.settled(batch, settled, settledSeconds, clock.now());
    for (const storeId of settled.stamps.keys()) announcer.changed(storeId);
    const partition = `${batch.topic}/${batch.partition}`;
    await publishing.get(partition);
    await failPoint("ledger.afterCommit");
    const endedAtMs = startedAtMs + settledSeconds * 1_000;
    const traces = recordSettling(batch, settled.traces, { startedAtMs, endedAtMs });
    const updates = salesUpdates(settled, clock.now());
    publishing.set(partition, publishInOrder(updates, traces, batch.signal));
  }

  /**
   * What each partition publishes. It goes on while the next batch settles, which halves the time that an
   * order waits for its turn; should it fail, that batch waits for it, so that order stays.
   */
  const publishing = new Map<string, Promise<void>>();

  async function publishInOrder(
    updates: readonly SalesUpdated[],
    traces: StoreTraces,
    signal: AbortSignal,
  ): Promise<void> {
    if (updates.length === 0) return;
    const publishedAt = performance.now();
    await publishUntilDone({ eventLog, log }, updates, signal, traces);
    if (!signal.aborted) metrics.published((performance.now() - publishedAt) / 1_000);
  }

  const large = makeLargeBatches(settings.LEDGER_LARGE_BATCHES_AT_ONCE);
  const limits = {
    batchMaxCount: settings.LEDGER_BATCH_MAX_COUNT,
    batchMaxBytes: settings.LEDGER_BATCH_MAX_BYTES,
  };
  const onPartitionTaken = async () => announcer.announceAll();
  const live = await eventLog.subscribe({
    topic: topics.orders.topic,
    group: LEDGER_GROUP,
    limits: { ...limits, partitionsAtOnce: settings.LEDGER_PARTITIONS_AT_ONCE },
    settle: (batch) =>
      liveDelay.during(batch, () => large.run(batch.records.length, () => settle(batch))),
    onPartitionTaken,
  });
  const backfill = await eventLog.subscribe({
    topic: topics.ordersBackfill.topic,
    group: LEDGER_GROUP,
    limits: {
      ...limits,
      batchMaxCount: settings.LEDGER_BACKFILL_BATCH_MAX_COUNT,
      partitionsAtOnce: settings.LEDGER_BACKFILL_PARTITIONS_AT_ONCE,
    },
    settle: async (batch) => {
      await liveDelay.untilShort(batch.signal);
      await settle(batch);
    },
  });
  return {
    stop: async () => {
      await Promise.all([live.close(), backfill.close()]);
      await Promise.all(publishing.values());
      await announcer.stop();
    },
  };
}
