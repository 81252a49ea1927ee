import type { OrderSnapshot } from "@tillcast/schemas";
import { uuidArray } from "../database/binary-arrays.ts";
import { runStatement, type Statement } from "../database/run-statement.ts";
import type { Transaction } from "../database/transaction.ts";
import { loadSnapshotDecoders, snapshotOf } from "./stored-snapshots.ts";

/** What can be made of a picture that does not fit the order known under its name. */
export const nameConflictDecisions = ["correction", "another_sale", "discard"] as const;
export type NameConflictDecision = (typeof nameConflictDecisions)[number];

/** A picture that bears the number of an order that it is not, with both pictures. */
export interface StoredNameConflict {
  readonly conflictId: string;
  readonly tenantId: string;
  readonly orderKey: Buffer;
  readonly versionHash: string;
  readonly source: string;
  readonly accountId: string;
  readonly locationId: string;
  readonly orderId: string;
  readonly storeId: string;
  readonly knownStoreId: string;
  readonly reason: string;
  /** UTC milliseconds. */
  readonly recordedAt: number;
  /** Null until it is decided; `renamed` where a numbering named it. */
  readonly decision: NameConflictDecision | "renamed" | null;
  readonly decidedBy: string | null;
  readonly decidedAt: number | null;
  readonly decidedSpace: string | null;
  readonly arrived: OrderSnapshot;
  /** The order that was known then. */
  readonly known: OrderSnapshot;
}

interface ConflictRow {
  readonly conflict_id: string;
  readonly tenant_id: string;
  readonly order_key: Buffer;
  readonly version_hash: string;
  readonly source: string;
  readonly account_id: string;
  readonly location_id: string;
  readonly order_id: string;
  readonly store_id: string;
  readonly known_store_id: string;
  readonly reason: string;
  readonly recorded_at: number;
  readonly decision: StoredNameConflict["decision"];
  readonly decided_by: string | null;
  readonly decided_at: number | null;
  readonly decided_space: string | null;
  readonly schema_fingerprint: Buffer;
  readonly snapshot: Buffer;
  readonly known_fingerprint: Buffer;
  readonly known_snapshot: Buffer;
}

/** The columns that a `StoredNameConflict` is made from. */
export const nameConflictColumns = `c.conflict_id, c.tenant_id, c.order_key, c.version_hash, c.source, c.account_id,
    c.location_id, c.order_id, c.store_id, c.known_store_id, c.reason, c.recorded_at, c.decision, c.decided_by,
    c.decided_at, c.decided_space, c.schema_fingerprint, c.snapshot, c.known_fingerprint, c.known_snapshot`;

/** Which conflicts are asked for. */
export interface NameConflictFilter {
  readonly tenantId?: string | undefined;
  /** Stores that may be seen: that of the picture or that of the known order; null is all. */
  readonly storeIds?: readonly string[] | null | undefined;
  /** One feed's. */
  readonly feed?:
    | { readonly source: string; readonly accountId: string; readonly locationId: string }
    | undefined;
  /** Also those that are decided. */
  readonly withDecided?: boolean | undefined;
  readonly maxCount: number;
}

const selectConflicts: Statement = {
  name: "names-select-conflicts",
  text: `
    select ${nameConflictColumns}
    from name_conflict c
    where ($1::uuid is null or c.tenant_id = $1)
      and ($2::uuid[] is null or c.store_id = any($2) or c.known_store_id = any($2))
      and ($3::text is null or (c.source = $3 and c.account_id = $4 and c.location_id = $5))
      and ($6 or c.decision is null)
    order by c.recorded_at desc, c.conflict_id
    limit $7`,
};

/** Lists conflicts of names, the newest first. */
export async function listNameConflicts(
  tx: Pick<Transaction, "query">,
  filter: NameConflictFilter,
): Promise<StoredNameConflict[]> {
  const { tenantId = null, storeIds, feed, withDecided = false, maxCount } = filter;
  const { rows } = await runStatement<ConflictRow>(tx, selectConflicts, [
    tenantId,
    storeIds == null ? null : uuidArray(storeIds),
    feed?.source ?? null,
    feed?.accountId ?? null,
    feed?.locationId ?? null,
    withDecided,
    maxCount,
  ]);
  return nameConflictsOf(tx, rows);
}

/** Reads rows of `nameConflictColumns`, whichever release wrote their pictures. */
export async function nameConflictsOf(
  tx: Pick<Transaction, "query">,
  rows: readonly ConflictRow[],
): Promise<StoredNameConflict[]> {
  const stored = rows.flatMap(({ known_fingerprint, known_snapshot, ...row }) => [
    row,
    { schema_fingerprint: known_fingerprint, snapshot: known_snapshot },
  ]);
  const decoders = await loadSnapshotDecoders(tx, stored);
  return rows.map((row) => ({
    conflictId: row.conflict_id,
    tenantId: row.tenant_id,
    orderKey: row.order_key,
    versionHash: row.version_hash,
    source: row.source,
    accountId: row.account_id,
    locationId: row.location_id,
    orderId: row.order_id,
    storeId: row.store_id,
    knownStoreId: row.known_store_id,
    reason: row.reason,
    recordedAt: row.recorded_at,
    decision: row.decision,
    decidedBy: row.decided_by,
    decidedAt: row.decided_at,
    decidedSpace: row.decided_space,
    arrived: snapshotOf(decoders, row),
    known: snapshotOf(decoders, {
      schema_fingerprint: row.known_fingerprint,
      snapshot: row.known_snapshot,
    }),
  }));
}

const countUndecided: Statement = {
  name: "names-count-undecided",
  text: "select count(*) as count, min(recorded_at) as oldest from name_conflict where decision is null",
};

/** How many pictures wait for a decision, and since when. */
export async function countNameConflicts(
  client: Pick<Transaction, "query">,
): Promise<{ readonly count: bigint; readonly oldestAt: number | null }> {
  const { rows } = await runStatement<{ count: bigint; oldest: number | null }>(
    client,
    countUndecided,
    [],
  );
  return { count: rows[0]?.count ?? 0n, oldestAt: rows[0]?.oldest ?? null };
}
