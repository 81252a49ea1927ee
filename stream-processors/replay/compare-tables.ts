import { databaseSchema } from "@tillcast/core";
import { measures } from "@tillcast/schemas";
import type { ClientBase } from "pg";
import { type ReplayedTable, replayedTables, replaySchema } from "./side-tables.ts";

/** How one table came out of the replay. */
export interface TableComparison {
  readonly table: ReplayedTable;
  readonly equal: boolean;
  readonly rows: number;
  /** The first rows that only one side has. */
  readonly differences: readonly {
    readonly side: "live" | "replayed";
    /** Column by column as text, so that neither money nor instants lose anything. */
    readonly row: Readonly<Record<string, string | null>>;
  }[];
}

/** Most differing rows named per table and side. */
const rowsNamedMax = 20;

const sums = measures.map((name) => `sum(${name}) as ${name}`).join(", ");
const anyMeasure = measures.map((name) => `${name} <> 0`).join(" or ");
const rollupKey = "store_id, business_date, channel, currency, tenant_id";

/**
 * What "equal" means (DESIGN 4.6): heads and rollups bit by bit without their versions; the ledger summed
 * per order, since which versions were ever seen may differ. Rows that cancelled out count as absent.
 */
const comparedRows: Readonly<Record<ReplayedTable, (schema: string) => string>> = {
  order_head: (schema) => `
    select order_key, tenant_id, store_id, source, account_id, location_id, order_id, vendor_version,
           mapping_revision, observed_at, content_hash, fold_revision, schema_fingerprint, snapshot,
           posted, is_open, moved_to, recorded_at
    from ${schema}.order_head`,
  ledger_entry: (schema) => `
    select * from (
      select order_key, store_id, counted_at, business_date, channel, currency, ${sums}
      from ${schema}.ledger_entry
      group by order_key, store_id, counted_at, business_date, channel, currency
    ) as entry where ${anyMeasure}`,
  rollup_15m: (schema) => rollupRows(schema, "rollup_15m", "window_start, "),
  rollup_hour: (schema) => rollupRows(schema, "rollup_hour", "window_start, "),
  rollup_day: (schema) => rollupRows(schema, "rollup_day", ""),
  item_sales: (schema) => `
    select * from ${schema}.item_sales where quantity <> 0 or gross <> 0 or net <> 0`,
  tender_day: (schema) => `
    select * from ${schema}.tender_day where amount <> 0 or tip <> 0 or refunded <> 0 or payments <> 0`,
  // What was known then depends on which partition came first; what was parked does not.
  name_conflict: (schema) => `
    select order_key, version_hash, tenant_id, store_id, source, account_id, location_id, order_id,
           schema_fingerprint, snapshot
    from ${schema}.name_conflict`,
  open_sales: (schema) => `select * from ${schema}.open_sales where amount <> 0 or orders <> 0`,
};

function rollupRows(schema: string, table: string, start: string): string {
  return `select ${rollupKey}, ${start}${measures.join(", ")} from ${schema}.${table} where ${anyMeasure}`;
}

const asText = (rows: string): string => `
  select (select jsonb_object_agg(key, value) from jsonb_each_text(to_jsonb(r))) as row
  from (${rows}) as r`;

/** Compares every replayed table with the live one. */
export async function compareTables(owner: ClientBase): Promise<TableComparison[]> {
  const comparisons: TableComparison[] = [];
  for (const table of replayedTables) comparisons.push(await compareTable(owner, table));
  return comparisons;
}

async function compareTable(owner: ClientBase, table: ReplayedTable): Promise<TableComparison> {
  const live = comparedRows[table](databaseSchema);
  const replayed = comparedRows[table](replaySchema);
  const digest = (rows: string) => `
    select count(*)::int as rows, coalesce(sum(hashtextextended(r::text, 0)::numeric), 0)::text as digest
    from (${rows}) as r`;
  const [ofLive, ofReplayed] = [
    (await owner.query(digest(live))).rows[0],
    (await owner.query(digest(replayed))).rows[0],
  ];
  const equal = ofLive.rows === ofReplayed.rows && ofLive.digest === ofReplayed.digest;
  if (equal) return { table, equal, rows: ofLive.rows, differences: [] };
  const onlyIn = async (side: "live" | "replayed", one: string, other: string) =>
    (await owner.query(asText(`${one} except ${other} limit ${rowsNamedMax}`))).rows.map(
      ({ row }) => ({ side, row }),
    );
  const differences = [
    ...(await onlyIn("live", live, replayed)),
    ...(await onlyIn("replayed", replayed, live)),
  ];
  return { table, equal, rows: ofLive.rows, differences };
}
