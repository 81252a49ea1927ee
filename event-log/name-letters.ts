import type { Pool } from "pg";
import { orderNameOf } from "./letter-name.ts";
import { storableText } from "./storable-text.ts";

interface UnnamedRow {
  readonly topic: string;
  readonly topic_id: string;
  readonly partition: number;
  readonly record_offset: string;
  readonly group_name: string;
  readonly value: Buffer;
}

const selectUnnamed = `
  select topic, topic_id, partition, record_offset, group_name, value
  from dead_letter
  where not is_named
    and redriven_at is null
    and (topic = any($1::text[]) and starts_with(key, $2) or topic = $3)
  limit $4`;

const nameLetter = `
  update dead_letter
  set is_named = true, tenant_id = $6, source = $7, account_id = $8, order_id = $9
  where topic = $1 and topic_id = $2 and partition = $3 and record_offset = $4 and group_name = $5`;

/** Letters that are in memory at the same time; one may have 16 MB. */
const atOnce = 5;

/**
 * Names the letters that the release before left without a name: those of some topics under a prefix of
 * their keys, and those of one more topic. Each is decoded once; from then on the table knows its order.
 */
export async function nameLetters(
  pool: Pool,
  where: {
    readonly topics: readonly string[];
    readonly keyPrefix: string;
    readonly inbox: string;
  },
): Promise<void> {
  const { topics, keyPrefix, inbox } = where;
  for (;;) {
    const { rows } = await pool.query<UnnamedRow>(selectUnnamed, [
      topics,
      keyPrefix,
      inbox,
      atOnce,
    ]);
    for (const row of rows) {
      const name = orderNameOf(row.topic, row.value);
      const { topic, topic_id, partition, record_offset, group_name } = row;
      const parts = [name?.tenantId, name?.source, name?.accountId, name?.orderId];
      await pool.query(nameLetter, [
        ...[topic, topic_id, partition, record_offset, group_name],
        ...parts.map((part) => (part === undefined ? null : storableText(part))),
      ]);
    }
    if (rows.length < atOnce) return;
  }
}
