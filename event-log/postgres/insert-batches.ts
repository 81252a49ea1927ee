/** Appends records of one topic with a single autocommit statement, one batch per partition. */

import { appError } from "@tillcast/core";
import { byteaArray, databaseErrorCode, int2Array, int4Array } from "@tillcast/core/database";
import type { Pool, QueryConfig } from "pg";
import type { PartitionRecords } from "../append/arrange-records.ts";
import type { CommittedBatch } from "../append/topic-appender.ts";
import { encodeRecords } from "./record-layout.ts";
import type { Topic } from "./topics.ts";

// The statement locks the partitions' rows in ascending order, so that appends never deadlock. It holds a
// row's lock until the commit, and the next append sees the new offset only then. Offsets therefore have no
// gaps and become visible in order.
const appendSql = `
  with incoming as (
    select * from unnest($2::smallint[], $3::int[], $4::bytea[])
      as i(partition, record_count, payload)
  ), locked as materialized (
    select partition, next_offset, segment from log_partition
    where ordinal = $1 and partition = any($2::smallint[])
    order by partition
    for update
  ), moved as (
    update log_partition p set next_offset = l.next_offset + i.record_count
    from locked l join incoming i using (partition)
    where p.ordinal = $1 and p.partition = l.partition
  ), stored as (
    insert into log_batch (segment, partition, base_offset, record_count, appended_at, payload)
    select l.segment, l.partition, l.next_offset, i.record_count, $5, i.payload
    from locked l join incoming i using (partition)
  )
  select partition, next_offset as base_offset from locked`;

/** The server planned the insert before a new segment was attached. It stored nothing. */
const noSuchSegmentCode = "23514";
const segmentRetriesMax = 3;

/** Stores one batch per partition. Resolves after the commit. */
export async function insertBatches(
  pool: Pool,
  topic: Topic,
  parts: readonly PartitionRecords[],
  options: { readonly appendedAt: number; readonly timeoutMs: number },
): Promise<readonly CommittedBatch[]> {
  const { appendedAt } = options;
  const statement: QueryConfig & { query_timeout: number } = {
    name: "append-batch",
    text: appendSql,
    query_timeout: options.timeoutMs,
    values: [
      topic.ordinal,
      int2Array(parts.map((part) => part.partition)),
      int4Array(parts.map((part) => part.records.length)),
      byteaArray(parts.map((part) => encodeRecords(part.records))),
      new Date(appendedAt),
    ],
  };
  const bases = await runAppend(pool, statement);
  if (bases.size !== parts.length) throw appError("notFound", { what: `topic ${topic.topic}` });
  return parts.map(({ partition, records }) => ({
    partition,
    records,
    appendedAt,
    baseOffset: bases.get(partition) as bigint,
  }));
}

async function runAppend(pool: Pool, statement: QueryConfig): Promise<Map<number, bigint>> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      const { rows } = await pool.query<{ partition: number; base_offset: string }>(statement);
      return new Map(rows.map((row) => [row.partition, BigInt(row.base_offset)]));
    } catch (error) {
      if (databaseErrorCode(error) !== noSuchSegmentCode || attempt >= segmentRetriesMax)
        throw error;
    }
  }
}
