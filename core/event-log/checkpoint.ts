/**
 * Where a group stands in a partition, kept in our database on either log.
 *
 * A reader moves its checkpoint in the transaction that holds what it made of the records: both happen
 * or neither does. Locking it comes first, so that a member that lost the partition stops before any work.
 */

import type { ClientBase } from "pg";
import { type AppError, appError } from "../errors.ts";

/** Which checkpoint. */
export interface CheckpointKey {
  readonly group: string;
  readonly topic: string;
  readonly topicId: string;
  readonly partition: number;
}

interface CheckpointRow {
  readonly position: string;
  readonly topic_id: string;
}

const lockCheckpointSql = `
  select position, topic_id from checkpoint
  where group_name = $1 and topic = $2 and partition = $3
  for update`;

const insertCheckpointSql = `
  insert into checkpoint (group_name, topic, partition, topic_id, position)
  values ($1, $2, $3, $4, 0)
  on conflict do nothing`;

const advanceCheckpointSql = `
  update checkpoint set position = $6, settled_records = settled_records + $7
  where group_name = $1 and topic = $2 and partition = $3 and topic_id = $4 and position = $5`;

/**
 * Locks a checkpoint until the transaction ends and answers its position; a missing one begins at 0.
 * With `expected` (a batch's `position`) a checkpoint that stands elsewhere raises `checkpointMoved`.
 */
export async function lockCheckpoint(
  tx: ClientBase,
  key: CheckpointKey,
  expected?: bigint,
): Promise<bigint> {
  const row = (await selectForUpdate(tx, key)) ?? (await insertAndLock(tx, key));
  if (row.topic_id !== key.topicId) throw appError("topicChanged", { ...key });
  const position = BigInt(row.position);
  if (expected !== undefined && position !== expected) throw checkpointMoved(key, expected);
  return position;
}

/** One step of a checkpoint. */
export interface CheckpointMove extends CheckpointKey {
  readonly from: bigint;
  readonly to: bigint;
  /** Records that the group took on this step, for its tally; none where the step leads over a dead letter. */
  readonly settledRecords?: number;
}

/** Moves a checkpoint; raises `checkpointMoved` when it is not at `from`, so that nothing counts twice. */
export async function advanceCheckpoint(tx: ClientBase, move: CheckpointMove): Promise<void> {
  const { rowCount } = await tx.query({
    name: "advance-checkpoint",
    text: advanceCheckpointSql,
    values: [
      move.group,
      move.topic,
      move.partition,
      move.topicId,
      move.from,
      move.to,
      move.settledRecords ?? 0,
    ],
  });
  if (rowCount !== 1) throw checkpointMoved(move, move.from);
}

async function selectForUpdate(
  tx: ClientBase,
  key: CheckpointKey,
): Promise<CheckpointRow | undefined> {
  const { rows } = await tx.query<CheckpointRow>({
    name: "lock-checkpoint",
    text: lockCheckpointSql,
    values: [key.group, key.topic, key.partition],
  });
  return rows[0];
}

async function insertAndLock(tx: ClientBase, key: CheckpointKey): Promise<CheckpointRow> {
  await tx.query(insertCheckpointSql, [key.group, key.topic, key.partition, key.topicId]);
  const row = await selectForUpdate(tx, key);
  if (row === undefined) throw appError("internal", { reason: "a checkpoint vanished" });
  return row;
}

function checkpointMoved(key: CheckpointKey, expected: bigint): AppError {
  const { group, topic, partition } = key;
  return appError("checkpointMoved", { group, topic, partition, expected: String(expected) });
}
