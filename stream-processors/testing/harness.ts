import { makeLogger, makeMetrics, readSettings, systemClock } from "@tillcast/core";
import { createTestDatabase, type TestDatabase } from "@tillcast/core/testing";
import { type EventLog, openPostgresLog, type PostgresLogOptions } from "@tillcast/event-log";
import { feedKeyOf, type OrderSnapshot, orderSnapshotCodec, topics } from "@tillcast/schemas";
import { streamProcessorSettings } from "../config.ts";
import { type ProcessorDeps, startLedgerProcessor } from "../ledger/ledger-processor.ts";

/** A database, a log and what a processor stands on, for one test file. */
export interface ProcessorHarness {
  readonly test: TestDatabase;
  readonly eventLog: EventLog;
  readonly deps: ProcessorDeps;
  /** Appends orders as ingest would. */
  append(orders: readonly OrderSnapshot[], topic?: string): Promise<void>;
  /** Runs a processor until it has settled everything appended so far. */
  settleAll(): Promise<void>;
  close(): Promise<void>;
}

const settleTimeoutMs = 30_000;

/** Opens a harness on a fresh database; its log is PostgreSQL's unless another is opened. */
export async function openHarness(
  openLog: (options: PostgresLogOptions) => Promise<EventLog> = openPostgresLog,
): Promise<ProcessorHarness> {
  const test = await createTestDatabase();
  const log = makeLogger({ level: "silent", name: "test" });
  const metrics = makeMetrics();
  const eventLog = await openLog({ pool: test.database.service, url: test.url, log, metrics });
  await eventLog.ensureTopics(Object.values(topics));
  const settings = readSettings(streamProcessorSettings, {});
  const deps = { database: test.database, eventLog, clock: systemClock, log, metrics, settings };
  const orderTopics = [topics.orders.topic, topics.ordersBackfill.topic];
  return {
    test,
    eventLog,
    deps,
    append: async (orders, topic = topics.orders.topic) => {
      const records = orders.map((order) => ({
        key: feedKeyOf(order),
        value: orderSnapshotCodec.encode(order),
      }));
      await eventLog.append(topic, records);
    },
    settleAll: async () => {
      const processor = await startLedgerProcessor(deps);
      try {
        await untilSettled(eventLog, orderTopics);
      } finally {
        await processor.stop();
      }
    },
    close: async () => {
      await eventLog.close();
      await test.drop();
    },
  };
}

async function untilSettled(eventLog: EventLog, orderTopics: readonly string[]): Promise<void> {
  const giveUpAt = Date.now() + settleTimeoutMs;
  for (;;) {
    const lags = await Promise.all(orderTopics.map((topic) => eventLog.lag(topic, "ledger")));
    if (lags.flat().every((lag) => lag.lagRecords === 0n)) return;
    if (Date.now() > giveUpAt) throw new Error("The processor did not settle what was appended.");
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
