/** The part of the event log that both adapters have in common: appenders, open readers, and the order of closing. */

import { appError, type Clock, type Logger, type Metrics } from "@tillcast/core";
import type { Pool } from "pg";
import type { AppendLimits } from "./append/append-limits.ts";
import type { PartitionRecords } from "./append/arrange-records.ts";
import {
  type CommittedBatch,
  makeTopicAppender,
  type TopicAppender,
} from "./append/topic-appender.ts";
import type { BatchReader } from "./group/batch-reader.ts";
import type { GroupLimits } from "./group/group-limits.ts";
import { startMembership } from "./group/membership.ts";
import type { SharedTopic } from "./group/partition-worker.ts";
import { startSubscription } from "./group/subscription.ts";
import { makeLogMetrics } from "./log-metrics.ts";
import type {
  EventLog,
  LogRecord,
  ReadOptions,
  SubscribeOptions,
  Subscription,
  TailOptions,
} from "./port.ts";

/** How one kind of log stores and reads records of a topic. */
export interface LogAdapter<Topic extends SharedTopic>
  extends Pick<EventLog, "ensureTopics" | "deleteExpired"> {
  /** Throws `notFound` for a topic that does not exist. */
  loadTopic(topic: string): Promise<Topic>;
  /** Stores one batch per partition durably. Resolves with the batches at the same indexes. */
  store(topic: Topic, parts: readonly PartitionRecords[]): Promise<readonly CommittedBatch[]>;
  /** Called when the log no longer has the topic. */
  forgetTopic(topic: string): void;
  /** Stores the group with its checkpoints. Resolves with the number of its locks. */
  registerGroup(group: string, topic: Topic): Promise<number>;
  /** The position that the group continues from. Throws a named error if the checkpoint does not fit the log. */
  loadPosition(group: string, topic: Topic, partition: number): Promise<bigint>;
  openReader(
    topic: Topic,
    partition: number,
    start: bigint,
    limits: SubscribeOptions["limits"],
  ): BatchReader;
  /** Called with each new member of a group. Returns the subscription to use. */
  onSubscribed(group: string, topic: Topic, member: Subscription): Subscription;
  startTail(topic: Topic, options: TailOptions): Promise<Subscription>;
  read(topic: Topic, options: ReadOptions): Promise<readonly LogRecord[]>;
  bounds(topic: Topic): ReturnType<EventLog["bounds"]>;
  topicId(topic: Topic): Promise<string>;
  lag(topic: Topic, group: string): ReturnType<EventLog["lag"]>;
  /** Called first when the log closes, after its readers have closed. */
  stopReading?(): Promise<void>;
  /** Called last when the log closes. */
  close(): Promise<void>;
}

export interface LogDeps {
  /** The service pool. Checkpoints and dead letters are in our database for both logs. */
  readonly pool: Pool;
  /** The database's address, for the connection of the membership. */
  readonly url: string;
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly clock: Clock;
  /** Shown in `pg_stat_activity`. */
  readonly applicationName: string;
  readonly limits: AppendLimits & GroupLimits;
}

/** Makes an event log from an adapter. */
export function makeEventLog<Topic extends SharedTopic>(
  adapter: LogAdapter<Topic>,
  deps: LogDeps,
): EventLog {
  const { pool, url, log, clock, applicationName, limits } = deps;
  const metrics = makeLogMetrics(deps.metrics);
  const membership = startMembership({ url, applicationName, log, limits });
  const appenders = new Map<string, TopicAppender>();
  const readers = new Set<Subscription>();
  let closing: Promise<void> | undefined;

  async function loadTopic(topic: string): Promise<Topic> {
    if (closing !== undefined) throw appError("logUnavailable", { reason: "it is closed" });
    return adapter.loadTopic(topic);
  }

  function appenderOf(topic: Topic): TopicAppender {
    const known = appenders.get(topic.topicId);
    if (known !== undefined) return known;
    const appender = makeTopicAppender(
      {
        metrics,
        limits,
        store: (parts) => adapter.store(topic, parts),
        onTopicGone: () => adapter.forgetTopic(topic.topic),
      },
      topic,
    );
    appenders.set(topic.topicId, appender);
    return appender;
  }

  /** Registers a reader until it is closed, so that closing the log closes it first. */
  function keep(reader: Subscription): Subscription {
    const kept: Subscription = {
      async close() {
        await reader.close();
        readers.delete(kept);
      },
      ownedPartitions: () => reader.ownedPartitions(),
    };
    readers.add(kept);
    return kept;
  }

  async function closeAll(): Promise<void> {
    await Promise.all([...readers].map((reader) => reader.close()));
    await adapter.stopReading?.();
    await Promise.all([...appenders.values()].map((appender) => appender.drain()));
    await membership.close();
    await adapter.close();
  }

  return {
    ensureTopics: (topics) => adapter.ensureTopics(topics),
    async append(name, records) {
      const topic = await loadTopic(name);
      return records.length === 0 ? [] : appenderOf(topic).append(records);
    },
    async subscribe(options) {
      const topic = await loadTopic(options.topic);
      const { group } = options;
      const member = await startSubscription(
        {
          pool,
          clock,
          log,
          limits,
          metrics,
          membership,
          register: () => adapter.registerGroup(group, topic),
          loadPosition: (partition) => adapter.loadPosition(group, topic, partition),
          openReader: (partition, start) =>
            adapter.openReader(topic, partition, start, options.limits),
        },
        topic,
        options,
      );
      return keep(adapter.onSubscribed(group, topic, member));
    },
    async tail(options) {
      return keep(await adapter.startTail(await loadTopic(options.topic), options));
    },
    read: async (options) => adapter.read(await loadTopic(options.topic), options),
    bounds: async (topic) => adapter.bounds(await loadTopic(topic)),
    topicId: async (topic) => adapter.topicId(await loadTopic(topic)),
    lag: async (topic, group) => adapter.lag(await loadTopic(topic), group),
    deleteExpired: () => adapter.deleteExpired(),
    close() {
      closing ??= closeAll();
      return closing;
    },
  };
}
