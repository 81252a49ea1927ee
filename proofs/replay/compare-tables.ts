import { databaseSchema } from "@tillcast/core/database";
import { measures } from "@tillcast/schemas";
import type { ClientBase } from "pg";
import { type ReplayedTable, replayedTables, replaySchema } from "./side-tables.ts";

/** The comparison of one table. */
export interface TableComparison {
  readonly table: ReplayedTable;
  readonly equal: boolean;
  readonly rows: number;
  /** The first rows that exist on one side only. */
  readonly differences: readonly {
    readonly side: "live" | "replayed";
    /** The columns as text, so that money and instants keep every digit. */
    readonly row: Readonly<Record<string, string | null>>;
  }[];
}

/** Most differing rows listed per table and side. */
const rowsNamedMax = 20;

/**
 * Columns that are not compared, by table, with the reason. All other columns are compared, including new ones.
 */
export const unreplayedColumns: Readonly<Record<ReplayedTable, Readonly<Record<string, string>>>> =
  {
    order_head: {
      head_revision: "counts the versions seen, and partitions come in another order",
      posted_from: "of all versions seen; verify holds it against the ledger",
      posted_to: "as posted_from",
    },
    ledger_entry: {
      entry_id: "names the version that posted; which versions were seen may differ",
      occurred_at: "as entry_id",
      recorded_at: "as entry_id",
    },
    rollup_15m: { seq: "a store's version at the last change" },
    rollup_hour: { seq: "a store's version at the last change" },
    rollup_day: { seq: "a store's version at the last change" },
    item_sales: {},
    tender_day: {},
    open_sales: {},
    name_conflict: {
      conflict_id: "given by each database",
      reason: "depends on which partition came first; what was parked does not",
      known_store_id: "as reason",
      known_fingerprint: "as reason",
      known_snapshot: "as reason",
      recorded_at: "of the first receipt, and partitions come in another order",
      decision: "by a person or a rule, afterwards",
      decided_by: "as decision",
      decided_at: "as decision",
      decided_space: "as decision",
      appended_at: "as decision",
    },
  };

/** Amount columns by table. A row whose amounts are all zero counts as absent. */
const amounts: Readonly<Record<ReplayedTable, readonly string[]>> = {
  order_head: [],
  ledger_entry: measures,
  rollup_15m: measures,
  rollup_hour: measures,
  rollup_day: measures,
  item_sales: ["quantity", "gross", "net"],
  tender_day: ["amount", "tip", "refunded", "payments"],
  open_sales: ["amount", "orders"],
  name_conflict: [],
};

const selectColumnsSql = `
  select column_name from information_schema.columns
  where table_schema = $1 and table_name = $2
  order by ordinal_position`;

/**
 * Defines "equal" (DESIGN 4.6): heads and rollups are equal in every column except their versions. The ledger is
 * summed per order, because the versions that were seen may differ.
 */
async function comparedRows(
  owner: ClientBase,
  table: ReplayedTable,
): Promise<(schema: string) => string> {
  const { rows } = await owner.query<{ column_name: string }>(selectColumnsSql, [
    databaseSchema,
    table,
  ]);
  const sums = amounts[table];
  const keys = rows
    .map((row) => row.column_name)
    .filter((column) => !sums.includes(column) && unreplayedColumns[table][column] === undefined)
    .join(", ");
  if (table === "ledger_entry") {
    const summed = sums.map((name) => `sum(${name}) as ${name}`).join(", ");
    const isThere = sums.map((name) => `sum(${name}) <> 0`).join(" or ");
    return (schema) =>
      `select ${keys}, ${summed} from ${schema}.${table} group by ${keys} having ${isThere}`;
  }
  const isThere = sums.map((name) => `${name} <> 0`).join(" or ") || "true";
  return (schema) =>
    `select ${[keys, ...sums].join(", ")} from ${schema}.${table} where ${isThere}`;
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
  const rowsIn = await comparedRows(owner, table);
  const live = rowsIn(databaseSchema);
  const replayed = rowsIn(replaySchema);
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
