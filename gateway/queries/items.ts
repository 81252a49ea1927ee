import type { Transaction } from "@tillcast/core/database";
import type { ItemSalesRow } from "@tillcast/schemas";
import { viewQuantity } from "./measure-columns.ts";
import { selectRows } from "./select-rows.ts";

interface ItemRow {
  readonly item_key: string;
  readonly currency: string;
  readonly quantity: bigint;
  readonly gross: bigint;
  readonly net: bigint;
}

const selectItems = `
select
  item_key,
  currency,
  sum(quantity)::bigint as quantity,
  sum(gross)::bigint as gross,
  sum(net)::bigint as net
from item_sales
where store_id = $1
  and business_date = $2
group by item_key, currency
having sum(quantity) <> 0 or sum(gross) <> 0 or sum(net) <> 0
order by 5 desc, 1, 2
limit $3`;

/** Menus have hundreds of items; what lies beyond this many would be noise on any screen. */
export const itemsMax = 2_000;

/** Items sold on one business date, the one with the highest net sales first. */
export async function loadItems(
  tx: Transaction,
  storeId: string,
  businessDate: string,
): Promise<ItemSalesRow[]> {
  const rows = await selectRows<ItemRow>(tx, selectItems, [storeId, businessDate, itemsMax]);
  return rows.map((row) => ({
    itemKey: row.item_key,
    currency: row.currency,
    quantity: viewQuantity(row.quantity),
    gross: row.gross.toString(),
    net: row.net.toString(),
  }));
}
