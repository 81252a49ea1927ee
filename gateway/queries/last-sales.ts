import { dateArray, type Transaction, uuidArray } from "@tillcast/core/database";
import { selectRows } from "./select-rows.ts";

interface LastSalesRow {
  readonly store_id: string;
  readonly business_date: string;
}

/** Where a void or a correction is all that a day has, nothing was sold on it. */
const selectLastSales = `
select
  wanted.store_id,
  last.business_date
from unnest($1::uuid[], $2::date[]) as wanted (store_id, business_date)
cross join lateral (
  select r.business_date
  from rollup_day r
  where r.store_id = wanted.store_id
    and r.business_date <= wanted.business_date
    and r.orders > 0
  order by r.business_date desc
  limit 1
) last`;

/** The newest business date, up to the one given with each store, on which it sold anything. */
export async function loadLastSalesDates(
  tx: Transaction,
  days: readonly { readonly storeId: string; readonly businessDate: string }[],
): Promise<ReadonlyMap<string, string>> {
  const rows = await selectRows<LastSalesRow>(tx, selectLastSales, [
    uuidArray(days.map((day) => day.storeId)),
    dateArray(days.map((day) => day.businessDate)),
  ]);
  return new Map(rows.map((row) => [row.store_id, row.business_date]));
}
