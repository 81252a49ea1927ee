/**
 * Deletes expired records of topics. The brokers' own retention is off, because brokers do not know what our
 * groups have read: the checkpoints are in the database.
 */

import type { Admin } from "@platformatic/kafka";
import type { Clock, Logger } from "@tillcast/core";
import { inTransaction } from "@tillcast/core/database";
import type { Pool } from "pg";
import { loadBounds, loadOffsetsSince } from "./bounds.ts";
import type { KafkaConsumer } from "./clients.ts";
import { retentionLockSql } from "./group-positions.ts";
import { asKafkaUnavailable } from "./kafka-errors.ts";
import type { KafkaLogLimits } from "./kafka-limits.ts";
import { retrying } from "./retrying.ts";
import type { KafkaTopic, KafkaTopics } from "./topics.ts";

export interface DeleteExpiredDeps {
  readonly pool: Pool;
  readonly admin: Admin;
  readonly consumer: KafkaConsumer;
  readonly topics: KafkaTopics;
  readonly limits: KafkaLogLimits;
  readonly clock: Clock;
  readonly log: Logger;
}

const selectLowestSql = `
  select partition, min(position) as lowest from checkpoint
  where topic = $1 and topic_id = $2
  group by partition`;

/** Makes one pass over the topics with retention. Skips a topic that another process works on. */
export async function deleteExpired(deps: DeleteExpiredDeps): Promise<void> {
  for (const [name, retentionMs] of deps.topics.retentions()) {
    if (retentionMs === null) continue;
    const topic = await deps.topics.refresh(name);
    const before = deps.clock.now() - retentionMs;
    await inTransaction(deps.pool, async (tx) => {
      const { rows } = await tx.query<{ granted: boolean }>(retentionLockSql.tryAlone, [name]);
      if (rows[0]?.granted !== true) return;
      const read = await tx.query<{ partition: number; lowest: string }>(selectLowestSql, [
        name,
        topic.topicId,
      ]);
      const lowest = new Map(read.rows.map((row) => [row.partition, BigInt(row.lowest)]));
      const found = await retrying(deps.limits, () => cutoffs(deps.consumer, topic, before));
      await deleteBelow(deps, topic, found, lowest);
    });
  }
}

/** Per partition, the start and the first offset that is not expired. */
async function cutoffs(consumer: KafkaConsumer, topic: KafkaTopic, beforeMs: number) {
  // The bounds come first: records that are appended meanwhile are not expired.
  const bounds = await loadBounds(consumer, topic);
  const young = await loadOffsetsSince(consumer, topic, beforeMs);
  return bounds.map(({ partition, start, end }) => {
    const first = young[partition] ?? -1n;
    return { partition, start, cutoff: first < 0n ? end : first };
  });
}

async function deleteBelow(
  { admin, log }: DeleteExpiredDeps,
  { topic }: KafkaTopic,
  found: Awaited<ReturnType<typeof cutoffs>>,
  lowest: ReadonlyMap<number, bigint>,
): Promise<void> {
  const partitions = found.flatMap(({ partition, start, cutoff }) => {
    const unread = lowest.get(partition) ?? cutoff;
    const offset = unread < cutoff ? unread : cutoff;
    return offset > start ? [{ partition, offset }] : [];
  });
  if (partitions.length === 0) return;
  await admin.deleteRecords({ topics: [{ name: topic, partitions }] }).catch((error: unknown) => {
    throw asKafkaUnavailable(error);
  });
  log.info({ topic, partitions: partitions.length }, "expired records deleted");
}
