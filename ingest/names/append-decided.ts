import {
  type Database,
  inTransaction,
  runStatement,
  type Statement,
  uuidArray,
} from "@tillcast/core/database";
import {
  nameConflictColumns,
  nameConflictsOf,
  type StoredNameConflict,
} from "@tillcast/core/orders";
import type { EventLog } from "@tillcast/event-log";
import {
  contentHashOf,
  feedKeyOf,
  type Numbering,
  type OrderSnapshot,
  orderSnapshotCodec,
  topics,
} from "@tillcast/schemas";

/** Most decided pictures in one append. */
export const DECIDED_PAGE_COUNT = 200;

export interface NameDeps {
  readonly database: Database;
  readonly eventLog: EventLog;
}

interface DecidedRow extends Record<string, unknown> {
  readonly conflict_id: string;
  readonly numbering: Numbering | null;
  readonly mapping_revision: number | null;
}

const selectDecided: Statement = {
  name: "ingest-select-decided-names",
  text: `
    select ${nameConflictColumns}, f.numbering, f.mapping_revision
    from name_conflict c
    left join feed f using (tenant_id, source, account_id, location_id)
    where c.decision is not null and c.decision <> 'discard' and c.appended_at is null
    order by c.decided_at, c.recorded_at, c.version_hash
    limit $1`,
};

const updateAppended: Statement = {
  name: "ingest-update-appended-names",
  text: "update name_conflict set appended_at = now() where conflict_id = any($1::uuid[])",
};

/**
 * Appends decided pictures to the log, so that the ledger counts them. Resolves with their number. A crash
 * before the mark is stored appends them again, which changes nothing.
 */
export async function appendDecidedNames({ database, eventLog }: NameDeps): Promise<number> {
  let appended = 0;
  for (;;) {
    const decided = await loadDecided(database);
    if (decided.length === 0) return appended;
    await eventLog.append(
      topics.ordersBackfill.topic,
      decided.map(({ snapshot }) => ({
        key: feedKeyOf(snapshot),
        value: orderSnapshotCodec.encode(snapshot),
      })),
    );
    const ids = uuidArray(decided.map(({ conflictId }) => conflictId));
    await runStatement(database.service, updateAppended, [ids]);
    appended += decided.length;
  }
}

interface Decided {
  readonly conflictId: string;
  readonly snapshot: OrderSnapshot;
}

async function loadDecided(database: Database): Promise<Decided[]> {
  return inTransaction(database.service, async (tx) => {
    const { rows } = await runStatement<DecidedRow>(tx, selectDecided, [DECIDED_PAGE_COUNT]);
    const conflicts = await nameConflictsOf(tx, rows as never[]);
    return conflicts.map((conflict, at) => {
      const { numbering, mapping_revision: mappingRevision } = rows[at] as DecidedRow;
      const { conflictId } = conflict;
      return { conflictId, snapshot: decidedOrder(conflict, { numbering, mappingRevision }) };
    });
  });
}

/** The picture to append: its content as received, with the decided name. */
export function decidedOrder(
  { arrived, decision, decidedSpace }: StoredNameConflict,
  feed: { readonly numbering: Numbering | null; readonly mappingRevision: number | null },
): OrderSnapshot {
  if (decision === "correction") return { ...arrived, nameDecision: "correction" };
  if (decision === "another_sale") {
    const named = { ...arrived, numberSpace: decidedSpace, formerKey: null };
    return { ...hashed(named), nameDecision: "another_sale" };
  }
  const mappingRevision = Math.max(arrived.version.mappingRevision, feed.mappingRevision ?? 0);
  const renamed: OrderSnapshot = {
    ...arrived,
    numbering: feed.numbering,
    numberSpace: decidedSpace,
    formerKey: null,
    version: { ...arrived.version, mappingRevision },
  };
  return hashed(renamed);
}

/** The hash also covers the name and the mapping revision. */
const hashed = (order: OrderSnapshot): OrderSnapshot => ({
  ...order,
  version: { ...order.version, hash: contentHashOf(order) },
});
