import { findAppError } from "@tillcast/core";
import { runStatement, type Statement, textArray } from "@tillcast/core/database";
import { type EventLog, type GroupLag, holdGroups } from "@tillcast/event-log";
import type { Pool } from "pg";

/** The lag of one group in one partition. */
export interface PartitionLag {
  readonly group: string;
  readonly topic: string;
  readonly partition: number;
  readonly lagRecords: number;
  /** When the oldest unsettled record was appended, UTC milliseconds; null if none waits. */
  readonly oldestAt: number | null;
}

const selectGroups: Statement = {
  name: "watch-select-groups",
  text: `
    select distinct group_name, topic from checkpoint
    where group_name <> all($1::text[])
    order by 1, 2`,
};

/** Loads the lag of every group in every partition that it reads. */
export async function loadLags(pool: Pool, eventLog: EventLog): Promise<PartitionLag[]> {
  const groups = await runStatement<{ group_name: string; topic: string }>(pool, selectGroups, [
    textArray(holdGroups),
  ]);
  const lags: PartitionLag[] = [];
  for (const { group_name: group, topic } of groups.rows) {
    for (const { partition, position, lagRecords } of await lagOf(eventLog, topic, group)) {
      const waits = lagRecords > 0n;
      const oldestAt = waits ? await appendedAt(eventLog, topic, partition, position) : null;
      lags.push({ group, topic, partition, lagRecords: Number(lagRecords), oldestAt });
    }
  }
  return lags;
}

/** A checkpoint may exist without its topic, such as the inbox of a tenant that left. */
async function lagOf(
  eventLog: EventLog,
  topic: string,
  group: string,
): Promise<readonly GroupLag[]> {
  try {
    return await eventLog.lag(topic, group);
  } catch (error) {
    if (findAppError(error)?.code === "notFound") return [];
    throw error;
  }
}

/** When the record at a position was appended; null if it was deleted meanwhile. */
async function appendedAt(
  eventLog: EventLog,
  topic: string,
  partition: number,
  from: bigint,
): Promise<number | null> {
  const [record] = await eventLog.read({ topic, partition, from, maxCount: 1, maxBytes: 1 });
  return record?.appendedAt ?? null;
}
