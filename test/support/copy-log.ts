import { withSuperuser } from "../../core/testing/test-databases.ts";

const tables = ["log_topic", "log_segment", "log_segment_start", "log_partition"] as const;

/**
 * Puts one database's whole log in the place of another's, with the topics' ids: what a database restored
 * beside a log that survived sees.
 */
export async function copyLog(fromUrl: string, toUrl: string): Promise<void> {
  const log = await withSuperuser(fromUrl, async (client) => {
    // All as of one instant: the log's own hints go on being appended meanwhile.
    await client.query("begin isolation level repeatable read read only");
    const rowsOf = async (table: string) =>
      (
        await client.query(
          `select coalesce(jsonb_agg(to_jsonb(t)), '[]') as rows from tillcast.${table} t`,
        )
      ).rows[0]?.rows as Record<string, unknown>[];
    const rows = new Map<string, Record<string, unknown>[]>();
    for (const table of [...tables, "log_batch"]) rows.set(table, await rowsOf(table));
    return rows;
  });
  await withSuperuser(toUrl, async (client) => {
    await client.query("set search_path = tillcast");
    await client.query(
      "truncate log_topic, log_segment, log_segment_start, log_partition, log_batch",
    );
    const insert = (table: string) =>
      client.query(
        `insert into ${table} overriding system value
         select * from jsonb_populate_recordset(null::${table}, $1)`,
        [JSON.stringify(log.get(table))],
      );
    for (const table of tables) await insert(table);
    for (const { segment } of log.get("log_segment") ?? []) {
      await client.query(`drop table if exists log_batch_${segment}`);
      await client.query(`create table log_batch_${segment} (like log_batch including all)`);
      await client.query(
        `alter table log_batch attach partition log_batch_${segment} for values in (${segment})`,
      );
    }
    await insert("log_batch");
    await client.query(
      "select setval(pg_get_serial_sequence('log_segment', 'segment'), (select max(segment) from log_segment))",
    );
  });
}
