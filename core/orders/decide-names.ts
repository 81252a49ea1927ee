import { decidedSpaceOf, lifeDifference, lifeOf } from "@tillcast/schemas";
import type { Pool } from "pg";
import { type Actor, audited } from "../audit/audited.ts";
import { textArray, uuidArray } from "../database/binary-arrays.ts";
import { runStatement, type Statement } from "../database/run-statement.ts";
import type { Transaction } from "../database/transaction.ts";
import { appError } from "../errors.ts";
import {
  type NameConflictDecision,
  nameConflictColumns,
  nameConflictsOf,
  type StoredNameConflict,
} from "./name-conflicts.ts";

/** A decision about some pictures. */
export interface NamesDecision {
  readonly conflictIds: readonly string[];
  readonly decision: NameConflictDecision;
  /** Who decides: a person's address, or a command's user. */
  readonly decidedBy: string;
  readonly decidedAt: number;
  /** The tenant and stores that may be decided on; all where absent or null. */
  readonly tenantId?: string | undefined;
  readonly storeIds?: readonly string[] | null | undefined;
}

/** How one picture is decided. */
export interface DecidedConflict {
  readonly conflictId: string;
  readonly decision: NameConflictDecision | "renamed";
  readonly decidedSpace: string | null;
}

const selectByIds: Statement = {
  name: "names-select-by-ids",
  text: `
    select ${nameConflictColumns} from name_conflict c
    where c.conflict_id = any($1::uuid[]) and ($2::uuid is null or c.tenant_id = $2)
      and ($3::uuid[] is null or c.store_id = any($3))
    order by c.order_key, c.recorded_at, c.version_hash
    for update`,
};

const selectMates: Statement = {
  name: "names-select-mates",
  text: `
    select ${nameConflictColumns} from name_conflict c
    where c.order_key = any(select order_key from name_conflict where conflict_id = any($1::uuid[]))
    order by c.order_key, c.recorded_at, c.version_hash
    for update`,
};

const updateDecided: Statement = {
  name: "names-update-decided",
  text: `
    update name_conflict c
    set decision = d.decision, decided_space = d.space, decided_by = $4,
        decided_at = to_timestamp($5::double precision / 1000)
    from unnest($1::uuid[], $2::text[], $3::text[]) as d (conflict_id, decision, space)
    where c.conflict_id = d.conflict_id and c.decision is null`,
};

/**
 * Decides what pictures are: a correction of the known order, another sale, or nothing to keep counting.
 * Later pictures of the same bill that wait under its number are decided with it, except by a discard. The
 * intake appends what is decided to the log, by which the ledger, and a replay, learn of it. Answers how
 * many pictures were decided.
 */
export async function decideNames(
  pool: Pool,
  by: Actor,
  wanted: Omit<NamesDecision, "decidedBy" | "decidedAt">,
): Promise<number> {
  if (wanted.conflictIds.length === 0) return 0;
  const decision: NamesDecision = { ...wanted, decidedBy: by.name, decidedAt: by.at };
  return audited(pool, by, "order names decided", async (tx, note) => {
    const chosen = await loadChosen(tx, decision);
    const mates = decision.decision === "discard" ? chosen : await loadMates(tx, chosen);
    const decided = withMates(chosen, mates, decision.decision);
    await saveDecisions(tx, decided, decision);
    for (const [tenantId, ids] of byTenant(chosen)) {
      note({ tenantId, subject: ids.join(" "), detail: { decision: decision.decision } });
    }
    return decided.length;
  });
}

function byTenant(conflicts: readonly StoredNameConflict[]): Map<string, string[]> {
  const ids = new Map<string, string[]>();
  for (const { tenantId, conflictId } of conflicts) {
    ids.set(tenantId, [...(ids.get(tenantId) ?? []), conflictId]);
  }
  return ids;
}

async function loadChosen(tx: Transaction, decision: NamesDecision): Promise<StoredNameConflict[]> {
  const { conflictIds, tenantId = null, storeIds } = decision;
  const { rows } = await runStatement<never>(tx, selectByIds, [
    uuidArray(conflictIds),
    tenantId,
    storeIds == null ? null : uuidArray(storeIds),
  ]);
  const chosen = await nameConflictsOf(tx, rows);
  const found = new Set(chosen.map(({ conflictId }) => conflictId));
  const missing = conflictIds.filter((id) => !found.has(id.toLowerCase()));
  if (missing.length > 0)
    throw appError("notFound", { what: `name conflict ${missing.join(", ")}` });
  const [already] = chosen.filter((one) => one.decision !== null);
  if (already !== undefined) {
    const reason = `names ${already.conflictId}, which ${already.decidedBy} decided: ${already.decision}`;
    throw appError("validationFailed", { field: "conflictId", reason });
  }
  return chosen;
}

async function loadMates(
  tx: Transaction,
  chosen: readonly StoredNameConflict[],
): Promise<StoredNameConflict[]> {
  const ids = uuidArray(chosen.map(({ conflictId }) => conflictId));
  const { rows } = await runStatement<never>(tx, selectMates, [ids]);
  return nameConflictsOf(tx, rows);
}

/** The chosen pictures and those of the same bills, each with its decision. Pure. */
export function withMates(
  chosen: readonly StoredNameConflict[],
  mates: readonly StoredNameConflict[],
  decision: NameConflictDecision,
): DecidedConflict[] {
  const decided = new Map<string, DecidedConflict>();
  for (const one of chosen) {
    const bill = mates.filter((mate) => isOfOneBill(one, mate));
    const before = bill.find(({ decidedSpace }) => decidedSpace !== null)?.decidedSpace;
    const first = bill[0] ?? one;
    const decidedSpace =
      decision === "another_sale"
        ? (before ?? decidedSpaceOf(one.arrived.numberSpace, first.versionHash))
        : null;
    for (const { conflictId, decision: known } of [one, ...bill]) {
      if (known === null && !decided.has(conflictId)) {
        decided.set(conflictId, { conflictId, decision, decidedSpace });
      }
    }
  }
  return [...decided.values()];
}

/** Whether two parked pictures are of one bill. */
export function isOfOneBill(one: StoredNameConflict, other: StoredNameConflict): boolean {
  return (
    one.orderKey.equals(other.orderKey) &&
    lifeDifference(lifeOf(one.arrived), lifeOf(other.arrived)) === undefined
  );
}

/** Writes decisions down; a picture that was decided meanwhile keeps what was decided first. */
export async function saveDecisions(
  tx: Transaction,
  decided: readonly DecidedConflict[],
  { decidedBy, decidedAt }: Pick<NamesDecision, "decidedBy" | "decidedAt">,
): Promise<void> {
  await runStatement(tx, updateDecided, [
    uuidArray(decided.map(({ conflictId }) => conflictId)),
    textArray(decided.map(({ decision }) => decision)),
    textArray(decided.map(({ decidedSpace }) => decidedSpace)),
    decidedBy,
    decidedAt,
  ]);
}
