import {
  type Database,
  inTransaction,
  runStatement,
  type Statement,
} from "@tillcast/core/database";
import {
  type DecidedConflict,
  isOfOneBill,
  nameConflictColumns,
  nameConflictsOf,
  type StoredNameConflict,
  saveDecisions,
} from "@tillcast/core/orders";
import { type Numbering, orderKeyOf, storeDifference } from "@tillcast/schemas";
import { loadStoreContexts } from "../places/store-rows.ts";
import { renamedOrder } from "./renamed-order.ts";

/** Most conflicts in one transaction. */
const lookedAtCount = 200;

interface WaitingRow extends Record<string, unknown> {
  readonly numbering: Numbering;
  readonly mapping_revision: number;
}

// Conflicts that a numbering decides, and conflicts of a bill that a person has decided.
const selectWaiting: Statement = {
  name: "ingest-select-waiting-names",
  text: `
    select ${nameConflictColumns}, f.numbering, f.mapping_revision
    from name_conflict c
    join feed f using (tenant_id, source, account_id, location_id)
    where c.decision is null and c.conflict_id > $1::uuid
      and (f.numbering <> 'unknown' or exists (
        select from name_conflict d
        where d.order_key = c.order_key and d.decision in ('correction', 'another_sale')))
    order by c.conflict_id
    limit $2`,
};

const selectDecidedMates: Statement = {
  name: "ingest-select-decided-mates",
  text: `
    select ${nameConflictColumns} from name_conflict c
    where c.order_key = any($1::bytea[]) and c.decision in ('correction', 'another_sale')`,
};

const firstId = "00000000-0000-0000-0000-000000000000";

/**
 * Decides name conflicts by rule. A later picture of a decided bill gets the same decision. If a feed's
 * numbering was set, a picture gets the name that the numbering gives it. Other conflicts wait for a person.
 * Resolves with the number of decided conflicts.
 */
export async function decideNamesByRule(database: Database, nowMs: number): Promise<number> {
  let decided = 0;
  for (let after: string | undefined = firstId; after !== undefined; ) {
    const page: { readonly decided: number; readonly last: string | undefined } = await decidePage(
      database,
      after,
      nowMs,
    );
    decided += page.decided;
    after = page.last;
  }
  return decided;
}

async function decidePage(database: Database, after: string, decidedAt: number) {
  return inTransaction(database.service, async (tx) => {
    const { rows } = await runStatement<WaitingRow>(tx, selectWaiting, [after, lookedAtCount]);
    const waiting = await nameConflictsOf(tx, rows as never[]);
    const last = rows.length < lookedAtCount ? undefined : waiting.at(-1)?.conflictId;
    if (waiting.length === 0) return { decided: 0, last };
    const keys = waiting.map(({ orderKey }) => orderKey);
    const mates = await nameConflictsOf(
      tx,
      (await runStatement<never>(tx, selectDecidedMates, [keys])).rows,
    );
    const decided: DecidedConflict[] = [];
    for (const [at, one] of waiting.entries()) {
      const mate = mates.find((other) => isOfOneBill(one, other));
      const { numbering, mapping_revision: mappingRevision } = rows[at] as WaitingRow;
      const decision = mate
        ? asMate(one, mate)
        : await byNumbering(database, one, { numbering, mappingRevision });
      if (decision !== undefined) decided.push(decision);
    }
    await saveDecisions(tx, decided, { decidedBy: "rule", decidedAt });
    return { decided: decided.length, last };
  });
}

function asMate(
  { conflictId }: StoredNameConflict,
  { decision, decidedSpace }: StoredNameConflict,
): DecidedConflict | undefined {
  return decision === null ? undefined : { conflictId, decision, decidedSpace };
}

async function byNumbering(
  database: Database,
  { conflictId, arrived, known, orderKey, tenantId, storeId }: StoredNameConflict,
  feed: { readonly numbering: Numbering; readonly mappingRevision: number },
): Promise<DecidedConflict | undefined> {
  // A picture that cannot take its new name counts under the old one. Only a person can decide more.
  if (feed.numbering === "unknown" || arrived.formerKey !== null) return undefined;
  if (feed.numbering === "unique") {
    // A picture with this number is that order, unless it is of another store: then the sender made a mistake.
    const isOtherStore = storeDifference(known, arrived) !== undefined;
    return isOtherStore ? undefined : { conflictId, decision: "correction", decidedSpace: null };
  }
  const store = (await loadStoreContexts(database, tenantId, [storeId])).get(storeId);
  if (store === undefined) return undefined;
  const renamed = renamedOrder(arrived, { ...feed, ...store }, null);
  if (orderKeyOf(renamed).equals(orderKey)) return undefined;
  return { conflictId, decision: "renamed", decidedSpace: renamed.numberSpace };
}
