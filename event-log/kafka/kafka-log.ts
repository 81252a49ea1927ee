/** The event log on Apache Kafka, for installations with many processes. */

import { type Clock, type Logger, type Metrics, systemClock } from "@tillcast/core";
import type { Pool } from "pg";
import { type LogAdapter, makeEventLog } from "../make-event-log.ts";
import type { EventLog } from "../port.ts";
import { loadBounds } from "./bounds.ts";
import type { KafkaClients } from "./clients.ts";
import { deleteExpired } from "./delete-expired.ts";
import { makeFetcher } from "./fetcher.ts";
import { loadLag, loadPosition, registerGroup } from "./group-positions.ts";
import { defaultKafkaLimits, type KafkaLogLimits } from "./kafka-limits.ts";
import { produceBatches } from "./produce-batches.ts";
import { makeReadRecords } from "./read-records.ts";
import { retrying } from "./retrying.ts";
import { startShowingPositions } from "./show-positions.ts";
import { startTail } from "./tail.ts";
import { type KafkaTopic, makeKafkaTopics } from "./topics.ts";

export interface KafkaLogOptions {
  /** The Kafka clients. The log closes them. */
  readonly clients: KafkaClients;
  /** The service pool. Checkpoints and dead letters are in our database for both logs. */
  readonly pool: Pool;
  /** The database's address, for the connection of the membership. */
  readonly url: string;
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly clock?: Clock;
  /** Shown in `pg_stat_activity`; default `tillcast`. */
  readonly applicationName?: string;
  /** Replicas of a new topic; -1, the default, leaves it to the brokers. */
  readonly replicationFactor?: number;
  readonly limits?: Partial<KafkaLogLimits>;
}

/** Opens the log. Kafka stores the records; partitions are assigned as on PostgreSQL. */
export function openKafkaLog(options: KafkaLogOptions): EventLog {
  const { clients, pool, url, log, metrics } = options;
  const clock = options.clock ?? systemClock;
  const applicationName = options.applicationName ?? "tillcast";
  const limits = { ...defaultKafkaLimits, ...options.limits };
  const topics = makeKafkaTopics(clients.admin, {
    replicationFactor: options.replicationFactor ?? -1,
    log,
  });
  const consumer = clients.makeConsumer();
  const boundsOf = (topic: KafkaTopic) => retrying(limits, () => loadBounds(consumer, topic));
  const makeConsumer = () => clients.makeConsumer();
  const fetcher = makeFetcher({ makeConsumer, topics, limits, log });
  const read = makeReadRecords({ consumer: clients.makeConsumer(), topics, limits });
  const shown = startShowingPositions({ admin: clients.admin, pool, log, limits });

  const adapter: LogAdapter<KafkaTopic> = {
    async ensureTopics(wanted) {
      for (const settings of wanted) await topics.ensure(settings);
    },
    loadTopic: (topic) => topics.load(topic),
    store: ({ topic }, parts) => produceBatches(clients.producer, topic, parts, clock.now()),
    forgetTopic: (topic) => void topics.refresh(topic).catch(() => undefined),
    registerGroup: (group, topic) => registerGroup(pool, group, topic, boundsOf),
    async loadPosition(group, topic, partition) {
      const topicsSeen = { read: topic, present: await topics.refresh(topic.topic) };
      return loadPosition(pool, group, topicsSeen, partition, boundsOf);
    },
    openReader(topic, partition, start, { batchMaxCount: maxCount, batchMaxBytes: maxBytes }) {
      const { reader, close } = fetcher.follow(topic, partition, start);
      return { take: (stopping) => reader.take({ maxCount, maxBytes }, stopping), close };
    },
    onSubscribed: (group, topic, member) => shown.show({ group, topic }, member),
    startTail: (topic, wanted) =>
      startTail({ fetcher, topics, loadBounds: boundsOf, limits, log }, topic, wanted),
    read: (_topic, wanted) => read(wanted),
    bounds: boundsOf,
    topicId: async ({ topic }) => (await topics.refresh(topic)).topicId,
    lag: (topic, group) => loadLag(pool, group, topic, boundsOf),
    deleteExpired: () =>
      deleteExpired({ pool, admin: clients.admin, consumer, topics, limits, clock, log }),
    stopReading: () => shown.close(),
    async close() {
      await fetcher.close();
      await clients.close();
    },
  };
  return makeEventLog(adapter, { pool, url, log, metrics, clock, applicationName, limits });
}
