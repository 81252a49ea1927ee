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
 * Reads what the ledger decided about names. Which picture of two came first depends on how partitions were
 * read, so a replay takes the decisions over, and its outcome does not depend on that. Read behind the
 * checkpoints, so that it holds at least what was decided up to them.
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
 * Takes over the heads of names that were left. They are the record of that decision and post nothing; a
 * head under such a name that does post something is left as it is, and found by the comparison.
 */
export async function takeOverLeftNames(owner: ClientBase): Promise<void> {
  await owner.query(`delete from ${replaySchema}.order_head where moved_to is not null`);
  await owner.query(
    `insert into ${replaySchema}.order_head
     select * from ${databaseSchema}.order_head where moved_to is not null
     on conflict (order_key) do nothing`,
  );
  // What was posted under the name before it was left is here posted under the other from the start.
  await owner.query(
    `update ${replaySchema}.order_head head
     set (posted_from, posted_to) = (
       select min(counted_at), max(counted_at) from ${replaySchema}.ledger_entry entry
       where entry.order_key = head.order_key)
     where head.moved_to is not null`,
  );
}
