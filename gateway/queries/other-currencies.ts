import { dateArray, type Transaction, textArray, uuidArray } from "@tillcast/core/database";
import { composeNet, type Measures, type OverviewRow } from "@tillcast/schemas";
import { anyMeasure, summedMeasures } from "./measure-columns.ts";
import { selectRows } from "./select-rows.ts";
import type { Store } from "./stores.ts";

interface CurrencyRow extends Measures {
  readonly store_id: string;
  readonly currency: string;
}

const selectOtherCurrencies = `
select
  r.store_id,
  r.currency,
  ${summedMeasures}
from unnest($1::uuid[], $2::date[], $3::text[]) as wanted (store_id, business_date, currency)
join rollup_day r
  on r.store_id = wanted.store_id
  and r.business_date = wanted.business_date
  and r.currency <> wanted.currency
where ${anyMeasure}
group by r.store_id, r.currency
order by r.store_id, r.currency`;

/**
 * What each store sold on its business date in other currencies than its own. Amounts of different
 * currencies are never added, so whoever shows the store's own says that there are others.
 */
export async function loadOtherCurrencies(
  tx: Transaction,
  stores: readonly Store[],
  days: readonly { readonly businessDate: string }[],
): Promise<ReadonlyMap<string, OverviewRow["otherCurrencies"]>> {
  const rows = await selectRows<CurrencyRow>(tx, selectOtherCurrencies, [
    uuidArray(stores.map((store) => store.storeId)),
    dateArray(days.map((day) => day.businessDate)),
    textArray(stores.map((store) => store.currency)),
  ]);
  const netCharges = new Map(stores.map((store) => [store.storeId, store.netCharges]));
  const others = new Map<string, OverviewRow["otherCurrencies"]>();
  for (const row of rows) {
    const ofStore = others.get(row.store_id) ?? [];
    ofStore.push({
      currency: row.currency,
      net: composeNet(row, netCharges.get(row.store_id) ?? []).toString(),
      orders: Number(row.orders),
    });
    others.set(row.store_id, ofStore);
  }
  return others;
}
