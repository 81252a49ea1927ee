/** Which tables a backup copies, and how they hang together. */

import { appError } from "@tillcast/core";
import { databaseRoles, databaseSchema } from "@tillcast/core/database";
import type { ClientBase } from "pg";

/** A table as its copy needs it. */
export interface CopiedTable {
  readonly table: string;
  /** Without those that the database gives by itself: such numbers are given anew, and no row refers to one. */
  readonly columns: readonly string[];
  readonly key: readonly { readonly column: string; readonly type: string }[];
  readonly bytes: number;
  /** Tables that its rows refer to. */
  readonly refersTo: readonly string[];
}

/**
 * Writers' schemas are added to those that are there and replace none: the log's records name them by the
 * numbers that they have in this database.
 */
export const mergedTable = "avro_schema";

/** Tables that are not copied, each with its reason. Every other table is, without being named. */
export const notCopied: Readonly<Record<string, string>> = {
  migration: "the restored database has its own",
  checkpoint: "the manifest has the positions",
  log_hold: "holds the log of the database that was copied",
  log_topic: "the log is no part of a backup; its tail is",
  log_segment: "the log",
  log_segment_start: "the log",
  log_partition: "the log",
  log_batch: "the log",
  log_group: "the log",
  rollup_15m: "built anew from what the orders posted",
  rollup_hour: "built anew",
  rollup_day: "built anew",
  item_sales: "built anew",
  tender_day: "built anew",
  open_sales: "built anew",
  session: "people sign in again",
  sign_in_link: "good for an hour, and once",
  sign_in_delay: "forgotten after a day",
  known_browser: "known again at the next sign-in",
};

const selectTablesSql = `
  select c.relname as table,
    array(
      select a.attname::text from pg_attribute a
      where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
        and a.attgenerated = '' and a.attidentity <> 'a'
      order by a.attnum
    ) as columns,
    coalesce((
      select jsonb_agg(jsonb_build_object(
        'column', a.attname, 'type', format_type(a.atttypid, a.atttypmod)) order by k.place)
      from pg_index i
      cross join unnest(i.indkey::smallint[]) with ordinality as k (attnum, place)
      join pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.attnum
      where i.indrelid = c.oid and i.indisprimary
    ), '[]') as key,
    pg_total_relation_size(c.oid)::float8 as bytes,
    array(
      select distinct r.relname::text from pg_constraint f join pg_class r on r.oid = f.confrelid
      where f.conrelid = c.oid and f.contype = 'f' and r.oid <> c.oid
    ) as "refersTo"
  from pg_class c
  where c.relnamespace = $1::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
    and c.relname <> all($2)
  order by c.relname`;

/** The tables to copy, those that others refer to before them. */
export async function loadCopiedTables(client: Pick<ClientBase, "query">): Promise<CopiedTable[]> {
  const { rows } = await client.query<CopiedTable>(selectTablesSql, [
    databaseSchema,
    Object.keys(notCopied),
  ]);
  const sorted: CopiedTable[] = [];
  for (let left = rows; left.length > 0; ) {
    const waiting = new Set(left.map(({ table }) => table));
    const free = left.filter(({ refersTo }) => !refersTo.some((other) => waiting.has(other)));
    if (free.length === 0) {
      throw appError("internal", { reason: `tables refer to one another: ${[...waiting]}` });
    }
    sorted.push(...free);
    left = left.filter((table) => !free.includes(table));
  }
  return sorted;
}

const selectHiddenSql = `
  select c.relname as table from pg_class c
  where c.relnamespace = $1::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
    and c.relname <> all($2) and c.relrowsecurity
    and not exists (
      select from pg_policy p
      where p.polrelid = c.oid and p.polpermissive and p.polcmd in ('*', 'r')
        and pg_get_expr(p.polqual, p.polrelid) = 'true' and $3::regrole::oid = any(p.polroles)
    )`;

/**
 * Raises an error where row security would hide rows of a table from the service, which copies: hidden
 * rows are left out without a word, and the copy would be short.
 */
export async function refuseHiddenRows(client: Pick<ClientBase, "query">): Promise<void> {
  const { rows } = await client.query<{ table: string }>(selectHiddenSql, [
    databaseSchema,
    Object.keys(notCopied),
    databaseRoles.service,
  ]);
  if (rows.length === 0) return;
  const hidden = rows.map(({ table }) => table).join(", ");
  throw appError("internal", { reason: `row security hides rows of ${hidden} from the service` });
}
