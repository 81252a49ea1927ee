/**
 * Keeps the records that archive bases and backups still need. Each base or backup stores its positions.
 * The lowest of them are the checkpoints of the group `archive` or `backup`, and retention waits for these
 * checkpoints as for those of any reader.
 */

import { appError } from "@tillcast/core";
import { inTransaction, type Transaction } from "@tillcast/core/database";
import type { Pool } from "pg";
import type { EventLog } from "./port.ts";

/** The groups that hold records and never read them. */
export const holdGroups = ["archive", "backup"] as const;
export type HoldGroup = (typeof holdGroups)[number];

/** A group's position in a partition. */
export interface LogPosition {
  readonly group: string;
  readonly topic: string;
  readonly topicId: string;
  readonly partition: number;
  /** A bigint as text. */
  readonly position: string;
}

/** A base or a backup as stored in the database. */
export interface LogHold {
  readonly holdId: string;
  readonly location: string;
  /** UTC milliseconds. */
  readonly takenAt: number;
}

const selectPositionsSql = `
  select group_name as "group", topic, topic_id as "topicId", partition, position::text as position
  from checkpoint
  where group_name <> all($1)
  order by group_name, topic, partition`;

const insertHoldSql = `
  insert into log_hold (hold_id, group_name, location, taken_at, positions)
  values ($1, $2, $3, $4, $5)`;

const deleteCheckpointsSql = "delete from checkpoint where group_name = $1";

// A topic that was created again has another id, and holds on the old one do not apply.
const insertCheckpointsSql = `
  insert into checkpoint (group_name, topic, partition, topic_id, position)
  select hold.group_name, held.topic, held.partition, held."topicId", min(held.position)
  from log_hold hold,
    jsonb_to_recordset(hold.positions)
      as held (topic text, partition smallint, "topicId" uuid, position bigint)
  where hold.group_name = $1 and exists (
    select from checkpoint reader
    where reader.topic = held.topic and reader.topic_id = held."topicId"
      and reader.group_name <> all($2)
  )
  group by hold.group_name, held.topic, held.partition, held."topicId"`;

/** The current positions of all readers. */
export async function loadPositions(db: Pick<Pool, "query">): Promise<LogPosition[]> {
  return (await db.query<LogPosition>(selectPositionsSql, [holdGroups])).rows;
}

/**
 * Loads every reader's positions and holds the log from there on, in one transaction. Resolves with the
 * positions. Tables that are read afterwards contain at least the records before these positions.
 */
export async function holdLog(
  deps: { readonly pool: Pool; readonly eventLog: EventLog },
  group: HoldGroup,
  hold: LogHold,
): Promise<LogPosition[]> {
  const { pool, eventLog } = deps;
  const triesMax = 5;
  for (let tries = 1; ; tries += 1) {
    const positions = await inTransaction(pool, async (tx) => {
      const found = await loadPositions(tx);
      const takenAt = new Date(hold.takenAt);
      const values = [hold.holdId, group, hold.location, takenAt, JSON.stringify(found)];
      await tx.query(insertHoldSql, values);
      await refreshCheckpoints(tx, group);
      return found;
    });
    // Retention may have deleted records between the query and the commit.
    if (await areKept(eventLog, positions)) return positions;
    await releaseLog(pool, group, [hold.holdId]);
    if (tries >= triesMax) {
      throw appError("conflict", { reason: "log retention passes the readers' positions" });
    }
  }
}

/** Releases the records that the given bases or backups held. */
export async function releaseLog(
  pool: Pool,
  group: HoldGroup,
  holdIds: readonly string[],
): Promise<void> {
  await inTransaction(pool, async (tx) => {
    await tx.query("delete from log_hold where group_name = $1 and hold_id = any($2::uuid[])", [
      group,
      holdIds,
    ]);
    await refreshCheckpoints(tx, group);
  });
}

/** The bases or backups that hold records, the oldest first. */
export async function loadHolds(pool: Pool, group: HoldGroup): Promise<LogHold[]> {
  const { rows } = await pool.query<{ hold_id: string; location: string; taken_at: Date }>(
    "select hold_id, location, taken_at from log_hold where group_name = $1 order by taken_at",
    [group],
  );
  return rows.map(({ hold_id, location, taken_at }) => ({
    holdId: hold_id,
    location,
    takenAt: taken_at.getTime(),
  }));
}

async function refreshCheckpoints(tx: Transaction, group: HoldGroup): Promise<void> {
  await tx.query(deleteCheckpointsSql, [group]);
  await tx.query(insertCheckpointsSql, [group, holdGroups]);
}

async function areKept(eventLog: EventLog, positions: readonly LogPosition[]): Promise<boolean> {
  for (const topic of new Set(positions.map((position) => position.topic))) {
    const bounds = await eventLog.bounds(topic);
    const starts = new Map(bounds.map(({ partition, start }) => [partition, start]));
    const topicId = await eventLog.topicId(topic);
    const isPassed = positions.some(
      (one) =>
        one.topic === topic &&
        one.topicId === topicId &&
        BigInt(one.position) < (starts.get(one.partition) ?? 0n),
    );
    if (isPassed) return false;
  }
  return true;
}
