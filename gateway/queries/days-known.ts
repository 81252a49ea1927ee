import { dateArray, type Transaction, uuidArray } from "@tillcast/core/database";
import { DAYS_ENOUGH } from "@tillcast/schemas";
import { selectRows } from "./select-rows.ts";

interface DaysKnownRow {
  readonly store_id: string;
  readonly days: number;
}

/** Counting stops at enough: a store of many years costs no more than one of a few weeks. */
const selectDaysKnown = `
select
  wanted.store_id,
  count(known.business_date)::int as days
from unnest($1::uuid[], $2::date[]) as wanted (store_id, business_date)
cross join lateral (
  select distinct r.business_date
  from rollup_day r
  where r.store_id = wanted.store_id
    and r.business_date < wanted.business_date
    and r.orders > 0
  order by r.business_date desc
  limit ${DAYS_ENOUGH}
) known
group by wanted.store_id`;

/** On how many business dates before the one given with each store it sold anything, counted until enough. */
export async function loadDaysKnown(
  tx: Transaction,
  days: readonly { readonly storeId: string; readonly businessDate: string }[],
): Promise<ReadonlyMap<string, number>> {
  const rows = await selectRows<DaysKnownRow>(tx, selectDaysKnown, [
    uuidArray(days.map((day) => day.storeId)),
    dateArray(days.map((day) => day.businessDate)),
  ]);
  return new Map(rows.map((row) => [row.store_id, row.days]));
}
