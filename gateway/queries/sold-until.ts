import { dateArray, type Transaction, textArray, uuidArray } from "@tillcast/core/database";
import { WINDOW_MS } from "@tillcast/schemas";
import { anyMeasure } from "./measure-columns.ts";
import { selectRows } from "./select-rows.ts";

interface LastWindowRow {
  readonly store_id: string;
  readonly window_start: number;
}

const selectLastWindow = `
select
  wanted.store_id,
  newest.window_start
from unnest($1::uuid[], $2::date[], $3::text[]) as wanted (store_id, business_date, currency)
cross join lateral (
  select r.window_start
  from rollup_15m r
  where r.store_id = wanted.store_id
    and r.business_date = wanted.business_date
    and r.currency = wanted.currency
    and ${anyMeasure}
  order by r.window_start desc
  limit 1
) newest`;

/**
 * The end of each store's last window with sales on its business date. Where no till says how far its data
 * reaches, nothing later is known.
 */
export async function loadSoldUntil(
  tx: Transaction,
  days: readonly {
    readonly storeId: string;
    readonly businessDate: string;
    readonly currency: string;
  }[],
): Promise<ReadonlyMap<string, number>> {
  if (days.length === 0) return new Map();
  const rows = await selectRows<LastWindowRow>(tx, selectLastWindow, [
    uuidArray(days.map((day) => day.storeId)),
    dateArray(days.map((day) => day.businessDate)),
    textArray(days.map((day) => day.currency)),
  ]);
  return new Map(rows.map((row) => [row.store_id, row.window_start + WINDOW_MS]));
}
