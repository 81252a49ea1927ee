/** The event log on PostgreSQL: what the embedded product runs on, and small installations. */

import type { Logger, Metrics } from "@tillcast/core";
import { appError, type Clock, systemClock } from "@tillcast/core";
import { asDatabaseUnavailable } from "@tillcast/core/database";
import type { Pool } from "pg";
import {
  type CommittedBatch,
  makeTopicAppender,
  type TopicAppender,
} from "../append/topic-appender.ts";
import { startMembership } from "../group/membership.ts";
import { startSubscription } from "../group/subscription.ts";
import { countWithin } from "../limit-records.ts";
import { makeLogMetrics } from "../log-metrics.ts";
import { makeOpenReaders } from "../open-readers.ts";
import type { EventLog, TopicSettings } from "../port.ts";
import { appendBatch } from "./append-batch.ts";
import { loadBounds } from "./bounds.ts";
import { makeLogEnds } from "./ends.ts";
import { loadLag, loadPosition, registerGroup } from "./group-positions.ts";
import { defaultLogLimits, type PostgresLogLimits } from "./limits.ts";
import { makePartitionFeed } from "./partition-feed.ts";
import { makeReadRecords } from "./read-records.ts";
import { makeRecentBatches, type RecentBatches } from "./recent-batches.ts";
import { applyRetention } from "./retention.ts";
import { makeSegments } from "./segments.ts";
import { startTail } from "./tail.ts";
import { makeTopics, type Topic } from "./topics.ts";
import { startWaker } from "./waker.ts";

export interface PostgresLogOptions {
  /** The service pool; appends, reads and checkpoints go through it. */
  readonly pool: Pool;
  /** For the two connections of its own: notifications and membership. */
  readonly url: string;
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly clock?: Clock;
  /** Shown in `pg_stat_activity`; default `tillcast`. */
  readonly applicationName?: string;
  readonly limits?: Partial<PostgresLogLimits>;
}

/** Opens the log; its tables come from the migrations. */
export async function openPostgresLog(options: PostgresLogOptions): Promise<EventLog> {
  const { pool, url, log } = options;
  const clock = options.clock ?? systemClock;
  const applicationName = options.applicationName ?? "tillcast";
  const limits = { ...defaultLogLimits, ...options.limits };
  const metrics = makeLogMetrics(options.metrics);
  const ends = makeLogEnds();
  const topics = makeTopics(pool);
  const segments = makeSegments(pool);
  const waker = startWaker({ pool, url, applicationName, log, ends, limits });
  const membership = startMembership({ url, applicationName, log, limits });
  const appenders = new Map<number, TopicAppender>();
  const recents = new Map<number, RecentBatches>();
  const readers = makeOpenReaders();
  const read = makeReadRecords({ pool, segments, recentOf });
  let closing: Promise<void> | undefined;

  function recentOf(topic: Topic): RecentBatches {
    const known = recents.get(topic.ordinal);
    if (known !== undefined) return known;
    const recent = makeRecentBatches(limits.recentMaxBytes);
    recents.set(topic.ordinal, recent);
    return recent;
  }

  function appenderOf(topic: Topic): TopicAppender {
    const known = appenders.get(topic.ordinal);
    if (known !== undefined) return known;
    const appender = makeTopicAppender(
      {
        metrics,
        limits,
        async store(parts) {
          const appendedAt = clock.now();
          const timeoutMs = limits.appendTimeoutMs;
          const batches = await appendBatch(pool, topic, parts, { appendedAt, timeoutMs });
          for (const batch of batches) announce(topic, batch);
          return batches;
        },
        onTopicGone: () => topics.forget(topic.topic),
      },
      topic,
    );
    appenders.set(topic.ordinal, appender);
    return appender;
  }

  /** Before the append resolves, so that readers here are woken first. */
  function announce(topic: Topic, batch: CommittedBatch): void {
    if (ends.isWatched(topic.ordinal)) recentOf(topic).add(batch);
    const end = batch.baseOffset + BigInt(batch.records.length);
    waker.announce(topic.ordinal, batch.partition, end);
  }

  async function loadTopic(topic: string): Promise<Topic> {
    if (closing !== undefined) throw appError("logUnavailable", { reason: "it is closed" });
    try {
      return await topics.load(topic);
    } catch (error) {
      throw asDatabaseUnavailable(error) ?? error;
    }
  }

  async function closeAll(): Promise<void> {
    await readers.closeAll();
    await Promise.all([...appenders.values()].map((appender) => appender.drain()));
    await membership.close();
    await waker.close();
  }

  return {
    async ensureTopics(wanted) {
      for (const settings of wanted) await ensureTopic(pool, clock, log, settings);
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
          register: () => registerGroup(pool, group, topic.topic),
          loadPosition: (partition) => loadPosition(pool, group, topic, partition),
          openFeed: (partition, start) =>
            makePartitionFeed({ read, ends, topic, partition, limits: wanted.limits }, start),
        },
        topic,
        wanted,
      );
      const unwatch = ends.watch(topic.ordinal);
      void waker.poll();
      return readers.keep({
        ...member,
        async close() {
          await member.close();
          unwatch();
        },
      });
    },
    async tail(wanted) {
      const topic = await loadTopic(wanted.topic);
      return readers.keep(await startTail({ pool, log, ends, read, limits }, topic, wanted));
    },
    async read(wanted) {
      const topic = await loadTopic(wanted.topic);
      const records = await read(topic, wanted.partition, wanted.from, wanted);
      return records.slice(0, countWithin(records, wanted));
    },
    bounds: async (topic) => loadBounds(pool, await loadTopic(topic)),
    topicId: async (topic) => (await loadTopic(topic)).topicId,
    async lag(topic, group) {
      await loadTopic(topic);
      return loadLag(pool, group, topic);
    },
    async deleteExpired() {
      await applyRetention({ pool, clock, log });
    },
    close() {
      closing ??= closeAll();
      return closing;
    },
  };
}

async function ensureTopic(
  pool: Pool,
  clock: Clock,
  log: Logger,
  settings: TopicSettings,
): Promise<void> {
  const { topic, partitions, retentionMs } = settings;
  const { rows } = await pool.query<{ is_new: boolean }>(
    "select create_log_topic($1, $2, $3, $4) as is_new",
    [topic, partitions, retentionMs, new Date(clock.now())],
  );
  if (rows[0]?.is_new === true) log.info({ topic, partitions, retentionMs }, "topic made");
}
