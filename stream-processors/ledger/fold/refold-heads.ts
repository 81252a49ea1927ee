import { entryDifferences } from "./difference.ts";
import { entryIdOf, extreme, type FoldedBatch } from "./fold-orders.ts";
import type { StoredHead } from "./order-head.ts";
import type { Posted } from "./posted.ts";

/** A head with what a newer fold makes of its snapshot. */
export interface RefoldedHead {
  /** As it was read. */
  readonly head: StoredHead;
  readonly posted: Posted;
}

/**
 * What a newer fold changes: for each head the difference between what it makes of the snapshot and what
 * was posted. The snapshot and its version stay as they are. Pure.
 */
export function refoldHeads(refolded: readonly RefoldedHead[], foldRevision: number): FoldedBatch {
  const stores = new Map<string, string>();
  const entries = refolded.flatMap(({ head, posted }) => {
    const { orderKey, order, version } = head;
    for (const { storeId } of [head.posted, posted]) stores.set(storeId, order.tenantId);
    return entryDifferences(head.posted, posted).map(({ place, entry }) => {
      const entryId = entryIdOf(orderKey, version, { place, entry }, ` fold ${foldRevision}`);
      return { entryId, orderKey, order, place, entry };
    });
  });
  const heads = refolded.map(({ head, posted }) => ({
    ...head,
    posted,
    foldRevision,
    headRevision: head.headRevision + 1,
    readRevision: head.headRevision,
    postedFrom: extreme(Math.min, head.postedFrom, posted),
    postedTo: extreme(Math.max, head.postedTo, posted),
  }));
  return {
    heads,
    entries,
    added: refolded.map(({ posted }) => posted),
    takenBack: refolded.map(({ head }) => head.posted),
    stores,
    unchanged: 0,
    conflicts: 0,
    nameConflicts: [],
  };
}
