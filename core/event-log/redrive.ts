/** Dead letters as a person sees them, and sending them to their topic again once the cause is gone. */

import type { Pool } from "pg";
import type { Clock } from "../clock.ts";
import type { EventLog } from "./port.ts";

/** A dead letter to be looked at. */
export interface ListedDeadLetter {
  readonly topic: string;
  readonly topicId: string;
  readonly partition: number;
  readonly offset: bigint;
  readonly group: string;
  readonly key: string;
  readonly value: Buffer;
  /** True where the value is what a reader got; else it is what lies in the log. */
  readonly isPlain: boolean;
  readonly headers: Readonly<Record<string, string>>;
  readonly reason: string;
  /** When it was set aside, UTC milliseconds. */
  readonly at: number;
  /** When it was sent again, and by whom; null while it waits. */
  readonly redrivenAt: number | null;
  readonly redrivenBy: string | null;
}

/** Which dead letters are meant; what is absent does not narrow. */
export interface DeadLetterFilter {
  readonly topic?: string | undefined;
  readonly group?: string | undefined;
  /** Places as `placeOf` writes them. */
  readonly places?: readonly string[] | undefined;
  /** Also those that were sent again. Default false. */
  readonly withRedriven?: boolean;
  readonly maxCount: number;
}

interface DeadLetterRow {
  readonly topic: string;
  readonly topic_id: string;
  readonly partition: number;
  readonly record_offset: string;
  readonly group_name: string;
  readonly key: string;
  readonly value: Buffer;
  readonly headers: Record<string, string>;
  readonly reason: string;
  readonly at: Date;
  readonly is_plain: boolean;
  readonly redriven_at: Date | null;
  readonly redriven_by: string | null;
}

const selectDeadLettersSql = `
  select topic, topic_id, partition, record_offset, group_name, key, value, headers, reason, at,
         is_plain, redriven_at, redriven_by
  from dead_letter
  where ($1::text is null or topic = $1)
    and ($2::text is null or group_name = $2)
    and ($3::text[] is null or topic || '/' || partition || '/' || record_offset = any($3))
    and ($4 or redriven_at is null)
  order by topic, topic_id, partition, record_offset, group_name
  limit $5`;

const markRedrivenSql = `
  update dead_letter set redriven_at = $5, redriven_by = $6
  where topic = $1 and topic_id = $2 and partition = $3 and record_offset = $4
    and redriven_at is null`;

/** A record's place in one word, such as `pos.orders.v1/3/17`. */
export const placeOf = (letter: {
  readonly topic: string;
  readonly partition: number;
  readonly offset: bigint;
}): string => `${letter.topic}/${letter.partition}/${letter.offset}`;

/** Finds dead letters, by topic and in the order of the log. */
export async function listDeadLetters(
  pool: Pool,
  filter: DeadLetterFilter,
): Promise<readonly ListedDeadLetter[]> {
  const { topic = null, group = null, places = null, withRedriven = false, maxCount } = filter;
  const { rows } = await pool.query<DeadLetterRow>(selectDeadLettersSql, [
    topic,
    group,
    places,
    withRedriven,
    maxCount,
  ]);
  return rows.map((row) => ({
    topic: row.topic,
    topicId: row.topic_id,
    partition: row.partition,
    offset: BigInt(row.record_offset),
    group: row.group_name,
    key: row.key,
    value: row.value,
    isPlain: row.is_plain,
    headers: row.headers,
    reason: row.reason,
    at: row.at.getTime(),
    redrivenAt: row.redriven_at?.getTime() ?? null,
    redrivenBy: row.redriven_by,
  }));
}

/** The header that tells where a record that was sent again had lain. */
export const REDRIVEN_FROM_HEADER = "redriven-from";

/**
 * Appends dead letters to their topics again, as they were, and notes who did so; answers how many
 * records were appended. One that several groups set aside is appended once. The note comes after the
 * append, so that a crash in between leaves a dead letter that may be sent twice and none that is lost;
 * every reader takes a record twice as once.
 */
export async function redriveDeadLetters(
  deps: { readonly pool: Pool; readonly eventLog: EventLog; readonly clock: Clock },
  letters: readonly ListedDeadLetter[],
  by: string,
): Promise<number> {
  const records = new Map(letters.map((one) => [`${one.topicId} ${placeOf(one)}`, one]));
  for (const one of records.values()) {
    const headers = { ...one.headers, [REDRIVEN_FROM_HEADER]: placeOf(one) };
    const record = { key: one.key, value: one.value, headers, isFramed: !one.isPlain };
    await deps.eventLog.append(one.topic, [record]);
    await deps.pool.query(markRedrivenSql, [
      one.topic,
      one.topicId,
      one.partition,
      one.offset,
      new Date(deps.clock.now()),
      by,
    ]);
  }
  return records.size;
}
