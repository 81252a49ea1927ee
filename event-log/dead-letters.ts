/** Records that a group could not settle, stored with the reason for people to look at. */

import type { ClientBase, Pool } from "pg";
import { orderNameOf } from "./letter-name.ts";
import type { LogRecord } from "./port.ts";
import { storableText } from "./storable-text.ts";

/** A record that a group could not settle. */
export interface DeadLetter {
  readonly topic: string;
  readonly topicId: string;
  readonly partition: number;
  readonly offset: bigint;
  readonly group: string;
  readonly key: string;
  readonly value: Buffer;
  /** True if the value is what a reader got; else it is what the log stores. */
  readonly isPlain: boolean;
  readonly headers: Readonly<Record<string, string>>;
  readonly reason: string;
  /** When it was set aside, UTC milliseconds. */
  readonly at: number;
  /** When it was appended again, and by whom; null while it waits. */
  readonly redrivenAt: number | null;
  readonly redrivenBy: string | null;
}

/** Selects dead letters. An absent field selects all. */
export interface DeadLetterFilter {
  readonly topic?: string | undefined;
  readonly group?: string | undefined;
  /** Places as `placeOf` writes them. */
  readonly places?: readonly string[] | undefined;
  /** Also dead letters that were appended again. Default false. */
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
  readonly is_plain: boolean;
  readonly headers: Record<string, string>;
  readonly reason: string;
  readonly at: Date;
  readonly redriven_at: Date | null;
  readonly redriven_by: string | null;
}

const insertDeadLetterSql = `
  insert into dead_letter
    (topic, topic_id, partition, record_offset, group_name, key, value, headers, reason, at, is_plain,
     is_named, tenant_id, source, account_id, order_id)
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, true, $12, $13, $14, $15)
  on conflict do nothing`;

const selectDeadLettersSql = `
  select topic, topic_id, partition, record_offset, group_name, key, value, is_plain, headers, reason,
         at, redriven_at, redriven_by
  from dead_letter
  where ($1::text is null or topic = $1)
    and ($2::text is null or group_name = $2)
    and ($3::text[] is null or topic || '/' || partition || '/' || record_offset = any($3))
    and ($4 or redriven_at is null)
  order by topic, topic_id, partition, record_offset, group_name
  limit $5`;

/** In which group a record failed, and why. */
export interface DeadLetterCause {
  readonly topic: string;
  readonly topicId: string;
  readonly group: string;
  readonly reason: string;
  /** UTC milliseconds. */
  readonly at: number;
  /** True if the value is what a reader got; by default it is what the log stores. */
  readonly isPlain?: boolean;
}

/** Stores one record as a dead letter. The same one twice is stored once. */
export async function saveDeadLetter(
  tx: ClientBase,
  record: LogRecord,
  cause: DeadLetterCause,
): Promise<void> {
  const name = orderNameOf(cause.topic, record.value);
  const nameParts = [name?.tenantId, name?.source, name?.accountId, name?.orderId];
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
    ...nameParts.map((part) => (part === undefined ? null : storableText(part))),
  ]);
}

/** Loads dead letters by topic, in the order of the log. */
export async function listDeadLetters(
  pool: Pool,
  filter: DeadLetterFilter,
): Promise<readonly DeadLetter[]> {
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

/** A record's place as text: topic, partition and offset, such as `pos.orders.v1/3/17`. */
export const placeOf = (letter: {
  readonly topic: string;
  readonly partition: number;
  readonly offset: bigint;
}): string => `${letter.topic}/${letter.partition}/${letter.offset}`;

function storableHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, text]) => [storableText(name), storableText(text)]),
  );
}
