import { type Transaction, uuidArray } from "@tillcast/core/database";
import type { LiveOpen } from "@tillcast/schemas";
import { selectRows } from "./select-rows.ts";

interface OpenRow {
  readonly store_id: string;
  readonly currency: string;
  readonly amount: bigint;
  readonly orders: bigint;
}

const selectOpen = `
select
  store_id,
  currency,
  amount,
  orders
from open_sales
where store_id = any($1::uuid[])
  and (amount <> 0 or orders <> 0)
order by currency`;

/** What is ordered and not yet paid, per store and currency; without an entry where there is nothing. */
export async function loadOpenSales(
  tx: Transaction,
  storeIds: readonly string[],
): Promise<ReadonlyMap<string, LiveOpen[]>> {
  const rows = await selectRows<OpenRow>(tx, selectOpen, [uuidArray(storeIds)]);
  const open = new Map<string, LiveOpen[]>();
  for (const { store_id, currency, amount, orders } of rows) {
    const ofStore = open.get(store_id) ?? [];
    ofStore.push({ currency, amount: amount.toString(), orders: Number(orders) });
    open.set(store_id, ofStore);
  }
  return open;
}
