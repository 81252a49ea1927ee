import type { Transaction } from "@tillcast/core/database";
import type { TenderRow } from "@tillcast/schemas";
import { selectRows } from "./select-rows.ts";

interface TenderDayRow {
  readonly business_date: string;
  readonly method: string;
  readonly currency: string;
  readonly amount: bigint;
  readonly tip: bigint;
  readonly refunded: bigint;
}

/** A row in which everything cancelled out is left where a payment was taken back, and says nothing. */
const selectTenders = `
select
  business_date,
  method,
  currency,
  amount,
  tip,
  refunded
from tender_day
where store_id = $1
  and business_date >= $2
  and business_date < $3
  and (amount <> 0 or tip <> 0 or refunded <> 0 or payments <> 0)
order by business_date, method, currency`;

/** Money taken and given back by each tender on the business dates from `from` until before `to`. */
export async function loadTenders(
  tx: Transaction,
  storeId: string,
  { from, to }: { readonly from: string; readonly to: string },
): Promise<TenderRow[]> {
  const rows = await selectRows<TenderDayRow>(tx, selectTenders, [storeId, from, to]);
  return rows.map((row) => ({
    businessDate: row.business_date,
    method: row.method,
    currency: row.currency,
    amount: row.amount.toString(),
    tip: row.tip.toString(),
    refunded: row.refunded.toString(),
  }));
}
