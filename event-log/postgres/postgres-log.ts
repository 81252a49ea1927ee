/** The event log on PostgreSQL, for the embedded product and small installations. */

import { type Clock, type Logger, type Metrics, systemClock } from "@tillcast/core";
import { asDatabaseUnavailable } from "@tillcast/core/database";
import type { Pool } from "pg";
import type { CommittedBatch } from "../append/topic-appender.ts";
import { type LogAdapter, makeEventLog } from "../make-event-log.ts";
import type { EventLog, TopicSettings } from "../port.ts";
import { countWithin } from "../read-limits.ts";
import { loadBounds } from "./bounds.ts";
import { makeLogEnds } from "./ends.ts";
import { loadLag, loadPosition, registerGroup } from "./group-positions.ts";
import { insertBatches } from "./insert-batches.ts";
import { defaultPostgresLimits, type PostgresLogLimits } from "./postgres-limits.ts";
import { makeReadAhead } from "./read-ahead.ts";
import { makeReadRecords } from "./read-records.ts";
import { makeRecentBatches, type RecentBatches } from "./recent-batches.ts";
import { rollSegments } from "./roll-segments.ts";
import { makeSegments } from "./segments.ts";
import { startTail } from "./tail.ts";
import { makeTopics, type Topic } from "./topics.ts";
import { startWaker } from "./waker.ts";

export interface PostgresLogOptions {
  /** The service pool, for appends, reads and checkpoints. */
  readonly pool: Pool;
  /** The database's address, for two more connections: notifications and membership. */
  readonly url: string;
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly clock?: Clock;
  /** Shown in `pg_stat_activity`; default `tillcast`. */
  readonly applicationName?: string;
  readonly limits?: Partial<PostgresLogLimits>;
}

/** Opens the log. The migrations create its tables. */
export async function openPostgresLog(options: PostgresLogOptions): Promise<EventLog> {
  const { pool, url, log, metrics } = options;
  const clock = options.clock ?? systemClock;
  const applicationName = options.applicationName ?? "tillcast";
  const limits = { ...defaultPostgresLimits, ...options.limits };
  const ends = makeLogEnds();
  const topics = makeTopics(pool);
  const segments = makeSegments(pool);
  const waker = startWaker({ pool, url, applicationName, log, ends, limits });
  const recents = new Map<number, RecentBatches>();
  const read = makeReadRecords({ pool, segments, recentOf });

  function recentOf(topic: Topic): RecentBatches {
    const known = recents.get(topic.ordinal);
    if (known !== undefined) return known;
    const recent = makeRecentBatches(limits.recentMaxBytes);
    recents.set(topic.ordinal, recent);
    return recent;
  }

  /** Called before the append resolves, so that readers in this process wake first. */
  function announce(topic: Topic, batch: CommittedBatch): void {
    if (ends.isWatched(topic.ordinal)) recentOf(topic).add(batch);
    const end = batch.baseOffset + BigInt(batch.records.length);
    waker.announce(topic.ordinal, batch.partition, end);
  }

  const adapter: LogAdapter<Topic> = {
    async ensureTopics(wanted) {
      for (const settings of wanted) await ensureTopic(pool, clock, log, settings);
    },
    async loadTopic(topic) {
      try {
        return await topics.load(topic);
      } catch (error) {
        throw asDatabaseUnavailable(error) ?? error;
      }
    },
    async store(topic, parts) {
      const appendedAt = clock.now();
      const timeoutMs = limits.appendTimeoutMs;
      const batches = await insertBatches(pool, topic, parts, { appendedAt, timeoutMs });
      for (const batch of batches) announce(topic, batch);
      return batches;
    },
    forgetTopic: (topic) => topics.forget(topic),
    registerGroup: (group, { topic }) => registerGroup(pool, group, topic),
    loadPosition: (group, topic, partition) => loadPosition(pool, group, topic, partition),
    openReader: (topic, partition, start, batchLimits) =>
      makeReadAhead({ read, ends, topic, partition, limits: batchLimits }, start),
    onSubscribed(_group, topic, member) {
      const unwatch = ends.watch(topic.ordinal);
      void waker.poll();
      return {
        ...member,
        async close() {
          await member.close();
          unwatch();
        },
      };
    },
    startTail: (topic, wanted) => startTail({ pool, log, ends, read, limits }, topic, wanted),
    async read(topic, wanted) {
      const records = await read(topic, wanted.partition, wanted.from, wanted);
      return records.slice(0, countWithin(records, wanted));
    },
    bounds: (topic) => loadBounds(pool, topic),
    topicId: async ({ topicId }) => topicId,
    lag: ({ topic }, group) => loadLag(pool, group, topic),
    async deleteExpired() {
      await rollSegments({ pool, clock, log });
    },
    close: () => waker.close(),
  };
  return makeEventLog(adapter, { pool, url, log, metrics, clock, applicationName, limits });
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
  if (rows[0]?.is_new === true) log.info({ topic, partitions, retentionMs }, "topic created");
}
