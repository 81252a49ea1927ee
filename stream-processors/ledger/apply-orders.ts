import type { Transaction } from "@tillcast/core/database";
import { foldOrders } from "./fold/fold-orders.ts";
import type { DecidedNames } from "./fold/name-orders.ts";
import type { ArrivedOrder } from "./fold/order-head.ts";
import { postFolded } from "./post-folded.ts";
import { loadHeads } from "./store/load-heads.ts";

/**
 * Folds orders onto the tables outside live processing, as replay does: by the names that were decided, without
 * moving a checkpoint, and publishing nothing.
 */
export async function applyOrders(
  tx: Transaction,
  arrived: readonly ArrivedOrder[],
  decided?: DecidedNames,
): Promise<void> {
  const heads = await loadHeads(tx, arrived, decided);
  const advance = () => Promise.resolve();
  const folded = foldOrders(heads, arrived, decided);
  await postFolded(tx, folded, { wholeFromMs: Number.POSITIVE_INFINITY, advance });
}
