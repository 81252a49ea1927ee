import { runStatement, type Statement } from "@tillcast/core/database";
import { currentFold, type Fold } from "@tillcast/stream-processors/ledger";
import type { Pool } from "pg";
import { type Difference, makeDifferences } from "./differences.ts";
import { loadVerifiedStores, verifyStoresAreKnown } from "./stores.ts";
import { verifyOrders } from "./verify-orders.ts";
import { businessDatesOf, verifyBusinessDay } from "./verify-rollups.ts";
import { verifyStoreSums } from "./verify-store-sums.ts";

/** The outcome of a verification. */
export interface Verification {
  readonly equal: boolean;
  readonly orders: number;
  readonly ledgerEntries: number;
  readonly windows: number;
  /** Heads that an older fold posted; told apart from faults. */
  readonly olderFold: number;
  /** All differences; `differences` names the first of them. */
  readonly differenceCount: number;
  readonly differences: readonly Difference[];
}

const countOrders: Statement = {
  name: "verify-count-orders",
  text: "select count(*) as orders from order_head",
};

/**
 * Holds every head against its own snapshot, the ledger against the heads, and every rollup against both,
 * and says which rows differ. Works in short slices beside live processing: each slice is one consistent
 * read. Which columns it compares, `verified-columns.ts` says.
 */
export async function verifyTables(
  pool: Pool,
  onProgress: (fraction: number, message: string) => void = () => {},
  fold: Fold = currentFold,
): Promise<Verification> {
  const differences = makeDifferences();
  const { rows } = await runStatement<{ orders: bigint }>(pool, countOrders, []);
  const orderCount = Math.max(1, Number(rows[0]?.orders ?? 1n));
  const onSlice = (done: number) => {
    onProgress(Math.min(0.5, (0.5 * done) / orderCount), `${done} orders against the ledger`);
  };
  const orders = await verifyOrders(pool, differences, onSlice, fold);
  let windows = 0;
  const stores = await loadVerifiedStores(pool);
  for (const [index, store] of stores.entries()) {
    for (const businessDate of await businessDatesOf(pool, store.storeId)) {
      windows += await verifyBusinessDay(pool, store, businessDate, differences, fold);
    }
    await verifyStoreSums(pool, store, differences, fold);
    onProgress(
      0.5 + (0.5 * (index + 1)) / stores.length,
      `${index + 1} of ${stores.length} stores`,
    );
  }
  await verifyStoresAreKnown(pool, differences);
  return {
    equal: differences.count === 0,
    ...orders,
    windows,
    differenceCount: differences.count,
    differences: differences.named,
  };
}
