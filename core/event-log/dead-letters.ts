/** Records that a group could not take, kept with the reason so that a person sees them. */

import type { ClientBase, Pool } from "pg";
import type { DeadLetter, LogRecord } from "./port.ts";

/** A dead letter as it is stored. */
export interface StoredDeadLetter extends DeadLetter {
  readonly topicId: string;
  readonly headers: Readonly<Record<string, string>>;
  /** When it was set aside, UTC milliseconds. */
  readonly at: number;
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
}

const insertDeadLetterSql = `
  insert into dead_letter
    (topic, topic_id, partition, record_offset, group_name, key, value, headers, reason, at, is_plain)
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
  on conflict do nothing`;

const selectDeadLettersSql = `
  select topic, topic_id, partition, record_offset, group_name, key, value, headers, reason, at
  from dead_letter
  where topic = $1 and group_name = $2
  order by partition, record_offset
  limit $3`;

/** Where a record failed, and why. */
export interface DeadLetterCause {
  readonly topic: string;
  readonly topicId: string;
  readonly group: string;
  readonly reason: string;
  /** UTC milliseconds. */
  readonly at: number;
  /** True where the value is what a reader got; by default it is what lies in the log. */
  readonly isPlain?: boolean;
}

/** Stores one record as a dead letter; the same one twice is stored once. */
export async function saveDeadLetter(
  tx: ClientBase,
  record: LogRecord,
  cause: DeadLetterCause,
): Promise<void> {
  await tx.query(insertDeadLetterSql, [
    cause.topic,
    cause.topicId,
    record.partition,
    record.offset,
    cause.group,
    storableText(record.key),
    record.value,
    JSON.stringify(storableHeaders(record.headers)),
    storableText(cause.reason),
    new Date(cause.at),
    cause.isPlain === true,
  ]);
}

/** The first `maxCount` dead letters of a group on a topic, by partition and offset. */
export async function loadDeadLetters(
  pool: Pool,
  wanted: { readonly topic: string; readonly group: string; readonly maxCount: number },
): Promise<readonly StoredDeadLetter[]> {
  const { rows } = await pool.query<DeadLetterRow>(selectDeadLettersSql, [
    wanted.topic,
    wanted.group,
    wanted.maxCount,
  ]);
  return rows.map((row) => ({
    topic: row.topic,
    topicId: row.topic_id,
    partition: row.partition,
    offset: BigInt(row.record_offset),
    key: row.key,
    value: row.value,
    headers: row.headers,
    group: row.group_name,
    reason: row.reason,
    at: row.at.getTime(),
  }));
}

function storableHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, text]) => [storableText(name), storableText(text)]),
  );
}

/** PostgreSQL's text has no NUL, and a poisonous record may well carry one. */
function storableText(text: string): string {
  return text.replaceAll("\0", "\uFFFD").toWellFormed();
}
