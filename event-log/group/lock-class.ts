import type { Pool } from "pg";

const insertGroupSql = `
  insert into log_group (group_name, topic) values ($1, $2) on conflict do nothing`;

const selectGroupSql = `
  select lock_class from log_group where group_name = $1 and topic = $2`;

/** The number of a group's advisory locks on a topic. The first call assigns it. */
export async function loadLockClass(pool: Pool, group: string, topic: string): Promise<number> {
  await pool.query(insertGroupSql, [group, topic]);
  const { rows } = await pool.query<{ lock_class: number }>(selectGroupSql, [group, topic]);
  return rows[0]?.lock_class as number;
}
