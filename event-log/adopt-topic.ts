/** Moves checkpoints that do not fit their log, after an operator has decided so. */

import { type AppError, appError, auditAction } from "@tillcast/core";
import { inTransaction } from "@tillcast/core/database";
import type { Pool } from "pg";
import { holdGroups } from "./log-holds.ts";
import type { EventLog } from "./port.ts";

/** What the operator accepts besides a topic that was created again. */
export interface AdoptOptions {
  readonly topic: string;
  /** The log lost its newest records. Orders from them stay in the tables. */
  readonly acceptsBeyondEnd: boolean;
  /** The log deleted records that no reader had read. They are never counted. */
  readonly acceptsBelowStart: boolean;
  /** UTC milliseconds. */
  readonly at: number;
}

/** A checkpoint that was moved. */
export interface AdoptedCheckpoint {
  readonly group: string;
  readonly partition: number;
  readonly reason: "topicChanged" | "checkpointBeyondEnd" | "checkpointBelowStart";
  readonly before: { readonly topicId: string; readonly position: string };
  readonly after: { readonly topicId: string; readonly position: string };
}

const lockCheckpointsSql = `
  select group_name as "group", partition, topic_id as "topicId", position::text as position
  from checkpoint
  where topic = $1
  order by group_name, partition
  for update`;

// The count of settled records restarts too (docs/adr/0012-the-balance-of-orders.md).
const moveCheckpointSql = `
  update checkpoint set topic_id = $4, position = $5, tally_from = $5, settled_records = 0
  where group_name = $1 and topic = $2 and partition = $3`;

const dropHoldsSql = "delete from checkpoint where topic = $1 and group_name = any($2)";

interface CheckpointRow {
  readonly group: string;
  readonly partition: number;
  readonly topicId: string;
  readonly position: string;
}

/**
 * Moves every checkpoint that does not fit the topic to the topic's start, in one transaction with the
 * audit row. Resolves with the moved checkpoints. The start is always safe, because orders that were counted
 * before are not counted again. Holds of archive bases and backups on this topic are released, since they
 * do not fit it either.
 */
export async function adoptTopic(
  { pool, eventLog }: { readonly pool: Pool; readonly eventLog: EventLog },
  options: AdoptOptions,
): Promise<readonly AdoptedCheckpoint[]> {
  const { topic, at } = options;
  const topicId = await eventLog.topicId(topic);
  const bounds = new Map((await eventLog.bounds(topic)).map((one) => [one.partition, one]));
  return inTransaction(pool, async (tx) => {
    const { rows } = await tx.query<CheckpointRow>(lockCheckpointsSql, [topic]);
    const readers = rows.filter(({ group }) => !holdGroups.some((hold) => hold === group));
    const adopted = readers.flatMap((row): AdoptedCheckpoint[] => {
      const of = bounds.get(row.partition);
      if (of === undefined) return [];
      const position = BigInt(row.position);
      const after = { topicId, position: String(of.start) };
      const { group, partition } = row;
      const before = { topicId: row.topicId, position: row.position };
      const fields = { group, topic, partition, position: row.position };
      const moved = { group, partition, before, after };
      if (row.topicId !== topicId) return [{ ...moved, reason: "topicChanged" }];
      if (position > of.end) {
        const fault = appError("checkpointBeyondEnd", { ...fields, end: String(of.end) });
        return [{ ...moved, reason: accepted(fault, options.acceptsBeyondEnd) }];
      }
      if (position < of.start) {
        const fault = appError("checkpointBelowStart", { ...fields, start: String(of.start) });
        return [{ ...moved, reason: accepted(fault, options.acceptsBelowStart) }];
      }
      return [];
    });
    if (adopted.length === 0) return [];
    for (const { group, partition, after } of adopted) {
      await tx.query(moveCheckpointSql, [group, topic, partition, topicId, after.position]);
    }
    await tx.query(dropHoldsSql, [topic, holdGroups]);
    const checkpoints = (pick: "before" | "after") =>
      adopted.map((one) => ({ group: one.group, partition: one.partition, ...one[pick] }));
    await auditAction(tx, {
      at,
      action: "log adopt",
      subject: topic,
      before: { checkpoints: checkpoints("before") },
      after: { topics: [{ topic, topicId }], checkpoints: checkpoints("after") },
    });
    return adopted;
  });
}

function accepted(fault: AppError, isAccepted: boolean): AdoptedCheckpoint["reason"] {
  if (!isAccepted) throw fault;
  return fault.code as AdoptedCheckpoint["reason"];
}
