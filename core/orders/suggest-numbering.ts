import type { Numbering } from "@tillcast/schemas";
import type { Transaction } from "../database/transaction.ts";
import { listNameConflicts, type StoredNameConflict } from "./name-conflicts.ts";

/** What the conflicts of a feed let one believe of its numbers. */
export interface NumberingSuggestion {
  readonly numbering: Numbering;
  /** Conflicts that speak for it; none speaks against it. */
  readonly conflicts: number;
}

/** Fewer conflicts could be chance. */
export const SUGGESTION_MIN_COUNT = 3;
/** The newest conflicts that are looked at. */
const lookedAtMaxCount = 1_000;

/** What a conflict shows: whether the two bills are of different days, and of different registers. */
export interface NumberingEvidence {
  readonly isOtherDay: boolean;
  readonly isOtherRegister: boolean;
}

/**
 * The numbering that explains every conflict of a feed: none would have been one under it. Undefined where
 * there are too few, or one that no numbering explains. It is only ever shown; a person sets it. Pure.
 */
export function suggestNumbering(
  evidence: readonly NumberingEvidence[],
): NumberingSuggestion | undefined {
  const conflicts = evidence.length;
  if (conflicts < SUGGESTION_MIN_COUNT) return undefined;
  if (evidence.every(({ isOtherDay }) => isOtherDay)) return { numbering: "per_day", conflicts };
  if (evidence.every(({ isOtherRegister }) => isOtherRegister)) {
    return { numbering: "per_register", conflicts };
  }
  if (evidence.every(({ isOtherDay, isOtherRegister }) => isOtherDay || isOtherRegister)) {
    return { numbering: "per_register_and_day", conflicts };
  }
  return undefined;
}

/** A vendor feed's name within a tenant. */
interface ConflictingFeed {
  readonly tenantId: string;
  readonly source: string;
  readonly accountId: string;
  readonly locationId: string;
}

/** Suggestions by feed; see `suggestedNumberings`. */
export interface NumberingSuggestions {
  of(feed: ConflictingFeed): NumberingSuggestion | undefined;
}

/**
 * Looks at the conflicts that nobody has decided, the newest first, and says for each of their feeds what
 * numbering they suggest.
 */
export async function suggestedNumberings(
  tx: Pick<Transaction, "query">,
  tenantId: string | undefined,
): Promise<NumberingSuggestions> {
  const conflicts = await listNameConflicts(tx, { tenantId, maxCount: lookedAtMaxCount });
  const evidence = new Map<string, NumberingEvidence[]>();
  for (const conflict of conflicts) {
    const name = nameOf(conflict);
    evidence.set(name, [...(evidence.get(name) ?? []), evidenceOf(conflict)]);
  }
  return { of: (feed) => suggestNumbering(evidence.get(nameOf(feed)) ?? []) };
}

const nameOf = ({ tenantId, source, accountId, locationId }: ConflictingFeed): string =>
  JSON.stringify([tenantId, source, accountId, locationId]);

function evidenceOf({ arrived, known }: StoredNameConflict): NumberingEvidence {
  return {
    isOtherDay: arrived.businessDate !== known.businessDate,
    isOtherRegister:
      arrived.registerId !== null &&
      known.registerId !== null &&
      arrived.registerId !== known.registerId,
  };
}
