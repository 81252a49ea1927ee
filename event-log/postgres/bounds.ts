import type { Pool } from "pg";
import type { Topic } from "./topics.ts";

/** The first offset kept and the next offset of one partition. */
export interface PartitionBounds {
  readonly partition: number;
  readonly start: bigint;
  readonly end: bigint;
}

interface BoundsRow {
  readonly partition: number;
  readonly start_offset: string;
  readonly next_offset: string;
}

const selectBoundsSql = `
  select partition, start_offset, next_offset from log_partition
  where ordinal = $1
  order by partition`;

/** Reads a topic's bounds, by partition. */
export async function loadBounds(pool: Pool, topic: Topic): Promise<readonly PartitionBounds[]> {
  const { rows } = await pool.query<BoundsRow>(selectBoundsSql, [topic.ordinal]);
  return rows.map((row) => ({
    partition: row.partition,
    start: BigInt(row.start_offset),
    end: BigInt(row.next_offset),
  }));
}
