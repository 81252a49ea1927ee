/** A group in the database: the number of its locks, and its checkpoints compared with the log. */

import { appError } from "@tillcast/core";
import type { Pool } from "pg";
import { loadLockClass } from "../group/lock-class.ts";
import type { GroupLag } from "../port.ts";
import type { Topic } from "./topics.ts";

// The statement locks the partitions' rows, so that retention cannot move their starts meanwhile.
const registerCheckpointsSql = `
  insert into checkpoint (group_name, topic, partition, topic_id, position)
  select $1, t.topic, p.partition, t.topic_id, p.start_offset
  from log_topic t join log_partition p using (ordinal)
  where t.topic = $2
  order by p.partition
  for share of p
  on conflict do nothing`;

const selectPositionsSql = `
  select p.partition, p.start_offset, p.next_offset, t.topic_id,
    c.position, c.topic_id as checkpoint_topic_id
  from log_topic t join log_partition p using (ordinal)
  left join checkpoint c
    on c.group_name = $1 and c.topic = t.topic and c.partition = p.partition
  where t.topic = $2
  order by p.partition`;

interface PositionRow {
  readonly partition: number;
  readonly start_offset: string;
  readonly next_offset: string;
  readonly topic_id: string;
  readonly position: string | null;
  readonly checkpoint_topic_id: string | null;
}

/**
 * Stores a group, with a checkpoint at the log's start in each partition that has none. From then on
 * retention waits for the group. Resolves with the number of its advisory locks.
 */
export async function registerGroup(pool: Pool, group: string, topic: string): Promise<number> {
  await pool.query(registerCheckpointsSql, [group, topic]);
  return loadLockClass(pool, group, topic);
}

/** The position that a group continues from. Throws a named error if the checkpoint does not fit the log. */
export async function loadPosition(
  pool: Pool,
  group: string,
  topic: Topic,
  partition: number,
): Promise<bigint> {
  const rows = await selectPositions(pool, group, topic.topic);
  const row = rows.find((candidate) => candidate.partition === partition);
  const fields = { group, topic: topic.topic, partition };
  if (row?.topic_id !== topic.topicId) throw appError("topicChanged", fields);
  if (row.position === null) {
    await registerGroup(pool, group, topic.topic);
    return loadPosition(pool, group, topic, partition);
  }
  if (row.checkpoint_topic_id !== row.topic_id) throw appError("topicChanged", fields);
  const position = BigInt(row.position);
  if (position > BigInt(row.next_offset)) {
    throw appError("checkpointBeyondEnd", {
      ...fields,
      position: row.position,
      end: row.next_offset,
    });
  }
  if (position < BigInt(row.start_offset)) {
    const { position: text, start_offset: start } = row;
    throw appError("checkpointBelowStart", { ...fields, position: text, start });
  }
  return position;
}

/** The group's lag. A group without a checkpoint is at the log's start. */
export async function loadLag(
  pool: Pool,
  group: string,
  topic: string,
): Promise<readonly GroupLag[]> {
  const rows = await selectPositions(pool, group, topic);
  return rows.map((row) => {
    const position = BigInt(row.position ?? row.start_offset);
    const end = BigInt(row.next_offset);
    return { partition: row.partition, position, end, lagRecords: end - position };
  });
}

async function selectPositions(
  pool: Pool,
  group: string,
  topic: string,
): Promise<readonly PositionRow[]> {
  const { rows } = await pool.query<PositionRow>(selectPositionsSql, [group, topic]);
  return rows;
}
