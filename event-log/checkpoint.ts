/**
 * A group's position in a partition, stored in our database for both logs.
 *
 * A reader moves its checkpoint in the transaction that stores its own results, so that both happen or
 * neither does. It locks the checkpoint first: a member that lost the partition then stops before any work.
 */

import { type AppError, appError } from "@tillcast/core";
import { int2Array, int4Array, int8Array } from "@tillcast/core/database";
import type { ClientBase } from "pg";

/** Identifies a checkpoint. */
export interface CheckpointKey {
  readonly group: string;
  readonly topic: string;
  readonly topicId: string;
  readonly partition: number;
}

/** Identifies the checkpoints of a group in a topic. */
export type CheckpointPlace = Omit<CheckpointKey, "partition">;

interface CheckpointRow {
  readonly partition: number;
  readonly position: string;
  readonly topic_id: string;
}

const lockCheckpointsSql = `
  select partition, position, topic_id from checkpoint
  where group_name = $1 and topic = $2 and partition = any($3::smallint[])
  order by partition
  for update`;

const insertCheckpointsSql = `
  insert into checkpoint (group_name, topic, partition, topic_id, position)
  select $1, $2, partition, $4, 0 from unnest($3::smallint[]) as missing(partition)
  order by partition
  on conflict do nothing`;

const advanceCheckpointsSql = `
  update checkpoint
  set position = move.position, settled_records = settled_records + move.settled
  from unnest($4::smallint[], $5::bigint[], $6::bigint[], $7::int[])
    as move(partition, read_position, position, settled)
  where checkpoint.group_name = $1
    and checkpoint.topic = $2
    and checkpoint.topic_id = $3
    and checkpoint.partition = move.partition
    and checkpoint.position = move.read_position
  returning checkpoint.partition`;

/**
 * Locks checkpoints of one topic until the transaction ends, the lowest partition first. Resolves with their
 * positions; a missing checkpoint is created at 0. Throws `checkpointMoved` if a position differs from
 * `expected` (a batch's `position`).
 */
export async function lockCheckpoints(
  tx: ClientBase,
  place: CheckpointPlace,
  partitions: readonly number[],
  expected: ReadonlyMap<number, bigint> = new Map(),
): Promise<ReadonlyMap<number, bigint>> {
  const rows = await selectForUpdate(tx, place, partitions);
  const missing = partitions.filter((partition) => !rows.has(partition));
  const all = missing.length === 0 ? rows : await insertAndLock(tx, place, partitions, missing);
  const positions = new Map<number, bigint>();
  for (const partition of partitions) {
    const row = all.get(partition);
    if (row === undefined) throw appError("internal", { reason: "a checkpoint vanished" });
    if (row.topic_id !== place.topicId) throw appError("topicChanged", { ...place, partition });
    const position = BigInt(row.position);
    if (position !== (expected.get(partition) ?? position)) {
      throw checkpointMoved({ ...place, partition }, expected.get(partition));
    }
    positions.set(partition, position);
  }
  return positions;
}

/** `lockCheckpoints` for one partition. Resolves with its position. */
export async function lockCheckpoint(
  tx: ClientBase,
  key: CheckpointKey,
  expected?: bigint,
): Promise<bigint> {
  const { partition } = key;
  const wanted = new Map(expected === undefined ? [] : [[partition, expected]]);
  const positions = await lockCheckpoints(tx, key, [partition], wanted);
  return positions.get(partition) as bigint;
}

/** One move of a partition's checkpoint. */
export interface CheckpointStep {
  readonly partition: number;
  readonly from: bigint;
  readonly to: bigint;
  /** How many records the group settled with this step; 0 for a dead letter. */
  readonly settledRecords?: number;
}

/** Moves checkpoints of one topic. Throws `checkpointMoved` if one is not at `from`, so that nothing counts twice. */
export async function advanceCheckpoints(
  tx: ClientBase,
  place: CheckpointPlace,
  steps: readonly CheckpointStep[],
): Promise<void> {
  const { rows } = await tx.query<{ partition: number }>({
    name: "advance-checkpoints",
    text: advanceCheckpointsSql,
    values: [
      place.group,
      place.topic,
      place.topicId,
      int2Array(steps.map(({ partition }) => partition)),
      int8Array(steps.map(({ from }) => from)),
      int8Array(steps.map(({ to }) => to)),
      int4Array(steps.map(({ settledRecords }) => settledRecords ?? 0)),
    ],
  });
  const moved = new Set(rows.map(({ partition }) => partition));
  const left = steps.find(({ partition }) => !moved.has(partition));
  if (left !== undefined) throw checkpointMoved({ ...place, partition: left.partition }, left.from);
}

/** `advanceCheckpoints` for one partition. */
export function advanceCheckpoint(
  tx: ClientBase,
  move: CheckpointPlace & CheckpointStep,
): Promise<void> {
  return advanceCheckpoints(tx, move, [move]);
}

async function selectForUpdate(
  tx: ClientBase,
  { group, topic }: CheckpointPlace,
  partitions: readonly number[],
): Promise<ReadonlyMap<number, CheckpointRow>> {
  const { rows } = await tx.query<CheckpointRow>({
    name: "lock-checkpoints",
    text: lockCheckpointsSql,
    values: [group, topic, int2Array(partitions)],
  });
  return new Map(rows.map((row) => [row.partition, row]));
}

async function insertAndLock(
  tx: ClientBase,
  place: CheckpointPlace,
  partitions: readonly number[],
  missing: readonly number[],
): Promise<ReadonlyMap<number, CheckpointRow>> {
  const { group, topic, topicId } = place;
  await tx.query(insertCheckpointsSql, [group, topic, int2Array(missing), topicId]);
  return selectForUpdate(tx, place, partitions);
}

function checkpointMoved(key: CheckpointKey, expected: bigint | undefined): AppError {
  const { group, topic, partition } = key;
  return appError("checkpointMoved", { group, topic, partition, expected: String(expected) });
}
