import { runStatement, type Statement } from "@tillcast/core";
import type { Pool } from "pg";
import { currentFold } from "../ledger/fold/fold.ts";
import { type Difference, makeDifferences } from "./differences.ts";
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

const selectStores: Statement = {
  name: "verify-stores",
  text: `
    select store.store_id, store.time_zone, (select count(*) from order_head) as orders
    from store
    order by store.store_id`,
};

/**
 * Recomputes the ledger from the heads, and every rollup from the ledger, and says which rows differ.
 * Works in short slices beside live processing: each slice is one consistent read.
 */
export async function verifyTables(
  pool: Pool,
  onProgress: (fraction: number, message: string) => void = () => {},
  foldRevision: number = currentFold.revision,
): Promise<Verification> {
  const differences = makeDifferences();
  type StoreRow = { store_id: string; time_zone: string; orders: bigint };
  const { rows: stores } = await runStatement<StoreRow>(pool, selectStores, []);
  const orderCount = Math.max(1, Number(stores[0]?.orders ?? 1n));
  const onSlice = (done: number) => {
    onProgress(Math.min(0.5, (0.5 * done) / orderCount), `${done} orders against the ledger`);
  };
  const orders = await verifyOrders(pool, differences, onSlice, foldRevision);
  let windows = 0;
  for (const [index, { store_id: storeId, time_zone: timeZone }] of stores.entries()) {
    for (const businessDate of await businessDatesOf(pool, storeId)) {
      windows += await verifyBusinessDay(pool, { storeId, timeZone }, businessDate, differences);
    }
    await verifyStoreSums(pool, storeId, differences);
    onProgress(
      0.5 + (0.5 * (index + 1)) / stores.length,
      `${index + 1} of ${stores.length} stores`,
    );
  }
  return {
    equal: differences.count === 0,
    ...orders,
    windows,
    differenceCount: differences.count,
    differences: differences.named,
  };
}
