/**
 * Opens a new segment when the current one is full, and drops old segments whole. A segment is dropped when
 * its newest record is older than the topic's retention and every group has read past it. The database
 * itself checks what the groups have read.
 */

import type { Clock, Logger } from "@tillcast/core";
import { withConnection } from "@tillcast/core/database";
import type { Pool, PoolClient } from "pg";

export interface RollSegmentsDeps {
  readonly pool: Pool;
  readonly clock: Clock;
  readonly log: Logger;
  readonly limits?: Partial<SegmentLimits>;
}

export interface SegmentLimits {
  /** The size at which a segment is closed and a new one opened. */
  readonly segmentMaxBytes: number;
  /** A segment of a topic with retention covers 1/8 of it, so that records are kept at most 1/8 too long. */
  readonly segmentsPerRetention: number;
}

const defaultSegmentLimits: SegmentLimits = {
  segmentMaxBytes: 1_073_741_824,
  segmentsPerRetention: 8,
};

/** An arbitrary number. One process at a time rolls the segments of a database. */
const retentionLockKey = 0x544c_5247;

// A segment is full by its size, or by its age if it has a record.
const selectFullSegmentsSql = `
  select t.ordinal, t.topic,
    (select min(n.segment) from log_segment n
      where n.ordinal = t.ordinal and n.opened_at is null) as spare
  from log_topic t join log_segment s on s.ordinal = t.ordinal
  where s.opened_at is not null and s.closed_at is null and (
    pg_total_relation_size(format('tillcast.log_batch_%s', s.segment)::regclass) >= $2
    or (t.retention_ms is not null
      and s.opened_at <= $1::timestamptz - t.retention_ms / $3 * interval '1 millisecond'
      and exists (select 1 from log_batch b where b.segment = s.segment))
  )`;

const selectExpiredSegmentsSql = `
  select s.segment, t.topic
  from log_topic t join log_segment s on s.ordinal = t.ordinal
  where t.retention_ms is not null
    and s.closed_at <= $1::timestamptz - t.retention_ms * interval '1 millisecond'
  order by s.segment`;

/** What one pass has done. */
export interface RolledSegments {
  readonly openedSegments: number;
  readonly droppedSegments: number;
}

/** Makes one pass. Does nothing while another process makes one. */
export async function rollSegments(deps: RollSegmentsDeps): Promise<RolledSegments> {
  return withConnection(deps.pool, async (client) => {
    const { rows } = await client.query<{ granted: boolean }>(
      "select pg_try_advisory_lock($1) as granted",
      [retentionLockKey],
    );
    if (rows[0]?.granted !== true) return { openedSegments: 0, droppedSegments: 0 };
    try {
      const openedSegments = await openSegments(deps, client);
      return { openedSegments, droppedSegments: await dropSegments(deps, client) };
    } finally {
      await client.query("select pg_advisory_unlock($1)", [retentionLockKey]);
    }
  });
}

async function openSegments(deps: RollSegmentsDeps, client: PoolClient): Promise<number> {
  const { segmentMaxBytes, segmentsPerRetention } = { ...defaultSegmentLimits, ...deps.limits };
  const at = new Date(deps.clock.now());
  const { rows } = await client.query<{ ordinal: number; topic: string; spare: number | null }>(
    selectFullSegmentsSql,
    [at, segmentMaxBytes, segmentsPerRetention],
  );
  for (const { ordinal, topic, spare } of rows) {
    // A transaction of its own, so that appends which are already planned can see the new table.
    const segment = spare ?? (await addSegment(client, ordinal));
    await client.query("select open_log_segment($1, $2)", [segment, at]);
    deps.log.info({ topic, segment }, "segment opened");
  }
  return rows.length;
}

async function addSegment(client: PoolClient, ordinal: number): Promise<number> {
  const { rows } = await client.query<{ segment: number }>(
    "select add_log_segment($1) as segment",
    [ordinal],
  );
  return rows[0]?.segment as number;
}

async function dropSegments(deps: RollSegmentsDeps, client: PoolClient): Promise<number> {
  const at = new Date(deps.clock.now());
  const { rows } = await client.query<{ segment: number; topic: string }>(
    selectExpiredSegmentsSql,
    [at],
  );
  let droppedSegments = 0;
  for (const { segment, topic } of rows) {
    const answer = await client.query<{ dropped: boolean }>(
      "select drop_log_segment($1) as dropped",
      [segment],
    );
    if (answer.rows[0]?.dropped !== true) continue;
    droppedSegments += 1;
    deps.log.info({ topic, segment }, "segment dropped");
  }
  return droppedSegments;
}
