/** The event log on Apache Kafka: what installations of many processes run on. */

import type { Logger, Metrics } from "@tillcast/core";
import { appError, type Clock, systemClock } from "@tillcast/core";
import type { Pool } from "pg";
import { makeTopicAppender, type TopicAppender } from "../append/topic-appender.ts";
import { startMembership } from "../group/membership.ts";
import { startSubscription } from "../group/subscription.ts";
import { makeLogMetrics } from "../log-metrics.ts";
import { makeOpenReaders } from "../open-readers.ts";
import type { EventLog } from "../port.ts";
import { appendBatch } from "./append-batch.ts";
import { loadBounds } from "./bounds.ts";
import type { KafkaClients } from "./clients.ts";
import { makeFetcher } from "./fetcher.ts";
import { loadLag, loadPosition, registerGroup } from "./group-positions.ts";
import { defaultKafkaLimits, type KafkaLogLimits } from "./limits.ts";
import { makePartitionFeed } from "./partition-feed.ts";
import { makeReadRecords } from "./read-records.ts";
import { deleteExpired } from "./retention.ts";
import { retrying } from "./retrying.ts";
import { startShowingPositions } from "./show-positions.ts";
import { startTail } from "./tail.ts";
import { type KafkaTopic, makeKafkaTopics } from "./topics.ts";

export interface KafkaLogOptions {
  /** The way to the brokers; the log closes it. */
  readonly clients: KafkaClients;
  /** The service pool; checkpoints and dead letters are in our database on either log. */
  readonly pool: Pool;
  /** For the connection that holds the membership. */
  readonly url: string;
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly clock?: Clock;
  /** Shown in `pg_stat_activity`; default `tillcast`. */
  readonly applicationName?: string;
  /** Copies of a new topic; -1, the default, leaves it to the brokers. */
  readonly replicationFactor?: number;
  readonly limits?: Partial<KafkaLogLimits>;
}

/** Opens the log. Groups share partitions as on PostgreSQL; Kafka keeps the records and nothing else. */
export function openKafkaLog(options: KafkaLogOptions): EventLog {
  const { clients, pool, url, log } = options;
  const clock = options.clock ?? systemClock;
  const applicationName = options.applicationName ?? "tillcast";
  const limits = { ...defaultKafkaLimits, ...options.limits };
  const metrics = makeLogMetrics(options.metrics);
  const topics = makeKafkaTopics(clients.admin, {
    replicationFactor: options.replicationFactor ?? -1,
    log,
  });
  const consumer = clients.makeConsumer();
  const boundsOf = (topic: KafkaTopic) => retrying(limits, () => loadBounds(consumer, topic));
  const makeConsumer = () => clients.makeConsumer();
  const fetcher = makeFetcher({ makeConsumer, topics, limits, log });
  const read = makeReadRecords({ consumer: clients.makeConsumer(), topics, limits });
  const membership = startMembership({ url, applicationName, log, limits });
  const shown = startShowingPositions({ admin: clients.admin, pool, log, limits });
  const appenders = new Map<string, TopicAppender>();
  const readers = makeOpenReaders();
  let closing: Promise<void> | undefined;

  function appenderOf({ topic, partitions }: KafkaTopic): TopicAppender {
    const known = appenders.get(topic);
    if (known !== undefined) return known;
    const appender = makeTopicAppender(
      {
        metrics,
        limits,
        store: (parts) => appendBatch(clients.producer, topic, parts, clock.now()),
        onTopicGone: () => void topics.refresh(topic).catch(() => undefined),
      },
      { topic, partitions },
    );
    appenders.set(topic, appender);
    return appender;
  }

  async function loadTopic(topic: string): Promise<KafkaTopic> {
    if (closing !== undefined) throw appError("logUnavailable", { reason: "it is closed" });
    return topics.load(topic);
  }

  async function closeAll(): Promise<void> {
    await readers.closeAll();
    await shown.close();
    await Promise.all([...appenders.values()].map((appender) => appender.drain()));
    await membership.close();
    await fetcher.close();
    await clients.close();
  }

  return {
    async ensureTopics(wanted) {
      for (const settings of wanted) await topics.ensure(settings);
    },
    async append(topic, records) {
      const known = await loadTopic(topic);
      return records.length === 0 ? [] : appenderOf(known).append(records);
    },
    async subscribe(wanted) {
      const topic = await loadTopic(wanted.topic);
      const { group } = wanted;
      const member = await startSubscription(
        {
          pool,
          clock,
          log,
          limits,
          metrics,
          membership,
          register: () => registerGroup(pool, group, topic, boundsOf),
          async loadPosition(partition) {
            const topicsSeen = { read: topic, present: await topics.refresh(topic.topic) };
            return loadPosition(pool, group, topicsSeen, partition, boundsOf);
          },
          openFeed(partition, start) {
            const followed = fetcher.follow(topic, partition, start);
            return makePartitionFeed(followed, wanted.limits);
          },
        },
        topic,
        wanted,
      );
      return readers.keep(shown.show({ group, topic }, member));
    },
    async tail(wanted) {
      const topic = await loadTopic(wanted.topic);
      const deps = { fetcher, topics, loadBounds: boundsOf, limits, log };
      return readers.keep(await startTail(deps, topic, wanted));
    },
    async read(wanted) {
      await loadTopic(wanted.topic);
      return read(wanted);
    },
    bounds: async (topic) => boundsOf(await loadTopic(topic)),
    async topicId(topic) {
      await loadTopic(topic);
      return (await topics.refresh(topic)).topicId;
    },
    lag: async (topic, group) => loadLag(pool, group, await loadTopic(topic), boundsOf),
    async deleteExpired() {
      await deleteExpired({ pool, admin: clients.admin, consumer, topics, limits, clock, log });
    },
    close() {
      closing ??= closeAll();
      return closing;
    },
  };
}
