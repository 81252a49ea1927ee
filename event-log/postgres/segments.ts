/** Finds the segment of a position. The answers are cached, so that a read names its segment and scans one table. */

import type { Pool } from "pg";
import type { Topic } from "./topics.ts";

/** A segment's number, and its first offset in each partition. */
export interface Segment {
  readonly segment: number;
  readonly starts: readonly bigint[];
}

export interface Segments {
  /** A topic's segments from the oldest to the newest. */
  load(topic: Topic): Promise<readonly Segment[]>;
  /** Clears the cache for a topic, after a segment may have been opened or dropped. */
  forget(topic: Topic): void;
}

interface SegmentStartRow {
  readonly segment: number;
  readonly partition: number;
  readonly base_offset: string;
}

const selectSegmentStartsSql = `
  select b.segment, b.partition, b.base_offset
  from log_segment s join log_segment_start b using (segment)
  where s.ordinal = $1
  order by b.segment, b.partition`;

/** Makes an empty cache of segments. */
export function makeSegments(pool: Pool): Segments {
  const known = new Map<number, Promise<readonly Segment[]>>();
  return {
    load(topic) {
      const remembered = known.get(topic.ordinal);
      if (remembered !== undefined) return remembered;
      const loading = selectSegments(pool, topic);
      known.set(topic.ordinal, loading);
      loading.catch(() => known.delete(topic.ordinal));
      return loading;
    },
    forget: (topic) => void known.delete(topic.ordinal),
  };
}

/** The segments that contain `from` and the records after it. `segments` is in ascending order. */
export function segmentsFrom(
  segments: readonly Segment[],
  partition: number,
  from: bigint,
): readonly Segment[] {
  const holder = segments.findLastIndex((segment) => (segment.starts[partition] ?? 0n) <= from);
  return segments.slice(Math.max(holder, 0));
}

async function selectSegments(pool: Pool, topic: Topic): Promise<readonly Segment[]> {
  const { rows } = await pool.query<SegmentStartRow>(selectSegmentStartsSql, [topic.ordinal]);
  const starts = new Map<number, bigint[]>();
  for (const row of rows) {
    const ofSegment = starts.get(row.segment) ?? [];
    ofSegment[row.partition] = BigInt(row.base_offset);
    starts.set(row.segment, ofSegment);
  }
  return [...starts].map(([segment, offsets]) => ({ segment, starts: offsets }));
}
