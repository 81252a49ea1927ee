import { databaseSchema } from "@tillcast/core/database";
import { conflictKey, type DecidedNames } from "@tillcast/stream-processors/ledger";
import type { ClientBase } from "pg";
import { replaySchema } from "./side-tables.ts";

interface ParkedRow {
  readonly order_key: Buffer;
  readonly version_hash: string;
}

interface MovedRow {
  readonly order_key: Buffer;
  readonly moved_to: Buffer;
}

/**
 * Loads the ledger's decisions about names. Which of two pictures came first depends on the order of the partitions,
 * so a replay uses the stored decisions. They are loaded after the checkpoints, so that they contain at least the
 * decisions up to them.
 */
export async function loadDecidedNames(owner: ClientBase): Promise<DecidedNames> {
  const parked = await owner.query<ParkedRow>(
    `select order_key, version_hash from ${databaseSchema}.name_conflict`,
  );
  const moved = await owner.query<MovedRow>(
    `select order_key, moved_to from ${databaseSchema}.order_head where moved_to is not null`,
  );
  return {
    parked: new Set(
      parked.rows.map((row) => conflictKey(row.order_key.toString("latin1"), row.version_hash)),
    ),
    moved: new Map(
      moved.rows.map((row) => [row.order_key.toString("latin1"), row.moved_to.toString("latin1")]),
    ),
  };
}

/**
 * Copies the heads of old names of renamed orders. They record the renaming and post nothing. A head under such a
 * name that posts something is not changed, and the comparison finds it.
 */
export async function takeOverLeftNames(owner: ClientBase): Promise<void> {
  await owner.query(`delete from ${replaySchema}.order_head where moved_to is not null`);
  await owner.query(
    `insert into ${replaySchema}.order_head
     select * from ${databaseSchema}.order_head where moved_to is not null
     on conflict (order_key) do nothing`,
  );
  // The replay posts a renamed order under its new name from the start.
  await owner.query(
    `update ${replaySchema}.order_head head
     set (posted_from, posted_to) = (
       select min(counted_at), max(counted_at) from ${replaySchema}.ledger_entry entry
       where entry.order_key = head.order_key)
     where head.moved_to is not null`,
  );
}
