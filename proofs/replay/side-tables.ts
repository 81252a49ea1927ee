import { databaseSchema } from "@tillcast/core/database";
import type { ClientBase } from "pg";

/** Compared after a replay, but not replaced: the live rows stay, with their decisions. */
const keptTable = "name_conflict";

/** Tables that replay rebuilds. `store_sequence` is bookkeeping and is not compared. */
export const replayedTables = [
  "order_head",
  "ledger_entry",
  "rollup_15m",
  "rollup_hour",
  "rollup_day",
  "item_sales",
  "tender_day",
  "open_sales",
  keptTable,
] as const;
export type ReplayedTable = (typeof replayedTables)[number];

/** The schema of the side tables during a replay. */
export const replaySchema = "tillcast_replay";

/** Creates empty side tables and drops those of an interrupted replay. Needs the schema's owner. */
export async function createSideTables(owner: ClientBase): Promise<void> {
  await dropSideTables(owner);
  await owner.query(`create schema ${replaySchema}`);
  for (const table of [...replayedTables, "store_sequence"]) {
    await owner.query(
      `create table ${replaySchema}.${table} (like ${databaseSchema}.${table} including all)`,
    );
  }
}

/** Drops the side tables. */
export async function dropSideTables(owner: ClientBase): Promise<void> {
  await owner.query(`drop schema if exists ${replaySchema} cascade`);
}

/**
 * Replaces the live rows with those of the side tables, and raises every store's epoch, so that all readers load a new
 * snapshot. It runs in the caller's transaction, which has locked the checkpoints.
 */
export async function swapInSideTables(owner: ClientBase): Promise<void> {
  for (const table of replayedTables) {
    if (table === keptTable) continue;
    await owner.query(`truncate ${databaseSchema}.${table}`);
    await owner.query(
      `insert into ${databaseSchema}.${table} select * from ${replaySchema}.${table}`,
    );
  }
  await owner.query(
    `insert into ${databaseSchema}.store_sequence (store_id, tenant_id, seq)
     select store_id, tenant_id, seq from ${replaySchema}.store_sequence
     on conflict (store_id) do nothing`,
  );
  await owner.query(`update ${databaseSchema}.store_sequence set epoch = epoch + 1, seq = seq + 1`);
}
