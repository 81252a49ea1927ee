/** A group's positions in a topic: our checkpoints compared with the brokers' offsets. */

import { appError } from "@tillcast/core";
import { inTransaction } from "@tillcast/core/database";
import type { Pool } from "pg";
import { loadLockClass } from "../group/lock-class.ts";
import type { GroupLag } from "../port.ts";
import type { PartitionBounds } from "./bounds.ts";
import type { KafkaTopic } from "./topics.ts";

const insertCheckpointsSql = `
  insert into checkpoint (group_name, topic, partition, topic_id, position)
  select $1, $2, i.partition, $3, i.position
  from unnest($4::smallint[], $5::bigint[]) as i(partition, position)
  on conflict do nothing`;

const selectCheckpointsSql = `
  select partition, topic_id, position from checkpoint where group_name = $1 and topic = $2`;

/** Keeps retention from deleting the first records of a group that is being registered. */
export const retentionLockSql = {
  shared: "select pg_advisory_xact_lock_shared(hashtextextended('tillcast retention ' || $1, 0))",
  tryAlone:
    "select pg_try_advisory_xact_lock(hashtextextended('tillcast retention ' || $1, 0)) as granted",
} as const;

interface CheckpointRow {
  readonly partition: number;
  readonly topic_id: string;
  readonly position: string;
}

/** Asks the brokers for a topic's bounds. */
export type LoadBounds = (topic: KafkaTopic) => Promise<readonly PartitionBounds[]>;

/**
 * Stores a group, with a checkpoint at the log's start in each partition that has none. From then on
 * retention waits for the group. Resolves with the number of its advisory locks.
 */
export async function registerGroup(
  pool: Pool,
  group: string,
  topic: KafkaTopic,
  loadBounds: LoadBounds,
): Promise<number> {
  await inTransaction(pool, async (tx) => {
    await tx.query(retentionLockSql.shared, [topic.topic]);
    const bounds = await loadBounds(topic);
    await tx.query(insertCheckpointsSql, [
      group,
      topic.topic,
      topic.topicId,
      bounds.map(({ partition }) => partition),
      bounds.map(({ start }) => start),
    ]);
  });
  return loadLockClass(pool, group, topic.topic);
}

/** The position that a group continues from. Throws a named error if the checkpoint does not fit the log. */
export async function loadPosition(
  pool: Pool,
  group: string,
  topics: { readonly read: KafkaTopic; readonly present: KafkaTopic },
  partition: number,
  loadBounds: LoadBounds,
): Promise<bigint> {
  const { topic, topicId } = topics.present;
  const fields = { group, topic, partition };
  if (topicId !== topics.read.topicId) throw appError("topicChanged", fields);
  const row = (await selectCheckpoints(pool, group, topic)).get(partition);
  if (row === undefined) {
    await registerGroup(pool, group, topics.present, loadBounds);
    return loadPosition(pool, group, topics, partition, loadBounds);
  }
  if (row.topic_id !== topicId) throw appError("topicChanged", fields);
  const position = BigInt(row.position);
  const { start = 0n, end = 0n } = (await loadBounds(topics.present))[partition] ?? {};
  if (position > end) {
    throw appError("checkpointBeyondEnd", { ...fields, position: row.position, end: String(end) });
  }
  if (position < start) {
    throw appError("checkpointBelowStart", {
      ...fields,
      position: row.position,
      start: String(start),
    });
  }
  return position;
}

/** The group's lag. A group without a checkpoint is at the log's start. */
export async function loadLag(
  pool: Pool,
  group: string,
  topic: KafkaTopic,
  loadBounds: LoadBounds,
): Promise<readonly GroupLag[]> {
  const rows = await selectCheckpoints(pool, group, topic.topic);
  const bounds = await loadBounds(topic);
  return bounds.map(({ partition, start, end }) => {
    const position = BigInt(rows.get(partition)?.position ?? start);
    return { partition, position, end, lagRecords: end - position };
  });
}

/** A group's checkpoints in a topic, by partition. */
export async function selectCheckpoints(
  pool: Pool,
  group: string,
  topic: string,
): Promise<ReadonlyMap<number, CheckpointRow>> {
  const { rows } = await pool.query<CheckpointRow>(selectCheckpointsSql, [group, topic]);
  return new Map(rows.map((row) => [row.partition, row]));
}
