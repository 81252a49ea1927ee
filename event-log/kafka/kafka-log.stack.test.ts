import { randomUUID } from "node:crypto";
import { makeManualClock, makeMetrics, openScope, silentLogger } from "@tillcast/core";
import { openDatabase } from "@tillcast/core/database";
import { createTestDatabase, openCuttableProxy } from "@tillcast/core/testing";
import { inject } from "vitest";
import type { EventLog } from "../port.ts";
import type { EventLogHarness } from "../testing/contract/harness.ts";
import { describeEventLogContract } from "../testing/contract.ts";
import { connectKafka, type KafkaClients } from "./clients.ts";
import { defaultKafkaLimits } from "./kafka-limits.ts";
import { openKafkaLog } from "./kafka-log.ts";

const dayMs = 86_400_000;

/** Shorter waits than the product's, so that the suite takes seconds. */
const testLimits = {
  ...defaultKafkaLimits,
  assignIntervalMs: 100,
  // Brokers need some time until a new topic's leaders are chosen.
  retryPauseMinMs: 50,
  retryPauseMaxMs: 200,
};

describeEventLogContract("Kafka", async () => {
  const scope = openScope();
  const test = await createTestDatabase();
  scope.defer(() => test.drop());
  // The brokers stamp records by their own clock, so that only its distance to ours can be moved.
  const clock = makeManualClock(Date.now());
  const kills = new Map<EventLog, () => Promise<void>>();
  const retentions = new Map<string, number | null>();
  let gate: Promise<void> | undefined;

  async function openLog(changed: { readonly appendQueueMaxCount?: number } = {}) {
    const proxy = await openCuttableProxy(test.url);
    scope.defer(() => proxy.cut());
    const database = openDatabase({ url: proxy.url, applicationName: "contract" });
    scope.defer(() => database.close());
    const limits = { ...testLimits, ...changed };
    const clients = connectKafka(
      { brokers: inject("stack").kafkaBrokers.split(","), clientId: `contract-${randomUUID()}` },
      limits,
    );
    holdSends(clients, () => gate);
    const log = openKafkaLog({
      clients,
      pool: database.service,
      url: proxy.url,
      log: silentLogger,
      metrics: makeMetrics(),
      clock,
      limits,
    });
    scope.defer(() => log.close());
    const ensureTopics = log.ensureTopics;
    log.ensureTopics = async (topics) => {
      for (const { topic, retentionMs } of topics) retentions.set(topic, retentionMs);
      await ensureTopics(topics);
    };
    kills.set(log, async () => {
      await Promise.all([clients.close(), proxy.cut()]);
    });
    return log;
  }

  const harness: EventLogHarness = {
    pool: test.database.service,
    openLog: () => openLog(),
    openLogWithQueue: (appendQueueMaxCount) => openLog({ appendQueueMaxCount }),
    kill: async (log) => kills.get(log)?.(),
    async stall() {
      const stalled = Promise.withResolvers<void>();
      gate = stalled.promise;
      return async () => {
        gate = undefined;
        stalled.resolve();
      };
    },
    async expire(topic) {
      // Whoever deletes must know the topic, as a process does that ensured it.
      const log = await openLog();
      await log.ensureTopics([
        { topic, partitions: 1, retentionMs: retentions.get(topic) ?? null },
      ]);
      clock.advance(dayMs);
      await log.deleteExpired();
      clock.advance(-dayMs);
      await log.close();
    },
    close: () => scope.close(),
  };
  return harness;
});

/** Makes a producer wait before each request, as brokers do that answer nothing. */
function holdSends({ producer }: KafkaClients, gateOf: () => Promise<void> | undefined): void {
  const send = producer.send.bind(producer) as (options: unknown) => Promise<unknown>;
  const held = async (options: unknown) => {
    await gateOf();
    return send(options);
  };
  Object.assign(producer, { send: held });
}
