import type { Principal } from "@tillcast/accounts";
import { appError } from "@tillcast/core";
import { type Transaction, uuidArray } from "@tillcast/core/database";
import {
  businessDateOf,
  type ChargeKind,
  type CloseoutHistory,
  type CountedWhen,
  type StoreView,
} from "@tillcast/schemas";
import { selectRows } from "./select-rows.ts";

/** A store with what is needed to tell its time and to compose its net sales. */
export interface Store {
  readonly storeId: string;
  readonly name: string;
  readonly timeZone: string;
  readonly currency: string;
  readonly country: string | null;
  readonly groups: readonly string[];
  readonly closedFrom: string | null;
  readonly countedWhen: CountedWhen;
  readonly netCharges: readonly ChargeKind[];
  readonly closeouts: CloseoutHistory;
}

interface StoreRow {
  readonly store_id: string;
  readonly name: string;
  readonly time_zone: string;
  readonly currency: string;
  readonly country: string | null;
  readonly groups: string[];
  readonly closed_from: string | null;
  readonly counted_when: CountedWhen;
  readonly net_charges: ChargeKind[];
  readonly effective_from: string[] | null;
  readonly closeout_minute: number[] | null;
}

const selectStores = `
select
  s.store_id,
  s.name,
  present_time_zone(s.store_id, s.time_zone) as time_zone,
  s.currency,
  s.country,
  s.groups,
  s.closed_from,
  t.counted_when,
  t.net_charges,
  c.effective_from,
  c.closeout_minute
from store s
join tenant t on t.tenant_id = s.tenant_id
cross join lateral (
  select
    array_agg(effective_from order by effective_from) as effective_from,
    array_agg(closeout_minute order by effective_from) as closeout_minute
  from store_closeout
  where store_closeout.store_id = s.store_id
) c
where ($1::uuid[] is null or s.store_id = any($1::uuid[]))
  and ($2::boolean or s.archived_at is null)
order by s.name, s.store_id`;

/** The stores that a principal may see, by name; not those that were archived. */
export async function loadVisibleStores(tx: Transaction, principal: Principal): Promise<Store[]> {
  const rows = await selectRows<StoreRow>(tx, selectStores, [
    principal.storeIds === null ? null : uuidArray([...principal.storeIds]),
    false,
  ]);
  return rows.map(storeOf);
}

/** One store, also an archived one; another tenant's, or one that is not the principal's, is as absent as one that never was. */
export async function loadStore(
  tx: Transaction,
  principal: Principal,
  storeId: string,
): Promise<Store> {
  const allowed = principal.storeIds === null || principal.storeIds.includes(storeId);
  const [row] = allowed
    ? await selectRows<StoreRow>(tx, selectStores, [uuidArray([storeId]), true])
    : [];
  if (row === undefined) throw appError("notFound", { what: "store with this id" });
  return storeOf(row);
}

/** A store as REST shows it, with the business date that it is trading on at `nowMs`. */
export function viewStore(store: Store, nowMs: number): StoreView {
  const businessDate = businessDateOf(nowMs, store.timeZone, store.closeouts);
  return {
    storeId: store.storeId,
    name: store.name,
    timeZone: store.timeZone,
    currency: store.currency,
    country: store.country,
    groups: [...store.groups],
    closedFrom: store.closedFrom,
    closeoutMinute: closeoutOn(store.closeouts, businessDate),
    businessDate,
    countedWhen: store.countedWhen,
  };
}

function closeoutOn(closeouts: CloseoutHistory, businessDate: string): number {
  const current = closeouts.filter((row) => row.effectiveFrom <= businessDate).at(-1);
  return (current ?? closeouts[0])?.closeoutMinute ?? 0;
}

function storeOf(row: StoreRow): Store {
  return {
    storeId: row.store_id,
    name: row.name,
    timeZone: row.time_zone,
    currency: row.currency,
    country: row.country,
    groups: row.groups,
    closedFrom: row.closed_from,
    countedWhen: row.counted_when,
    netCharges: row.net_charges,
    closeouts: closeoutsOf(row),
  };
}

/** A store without a closeout turns its day at midnight. */
function closeoutsOf(row: StoreRow): CloseoutHistory {
  const minutes = row.closeout_minute ?? [];
  const closeouts = (row.effective_from ?? []).map((effectiveFrom, index) => ({
    effectiveFrom,
    closeoutMinute: minutes[index] ?? 0,
  }));
  return closeouts.length > 0 ? closeouts : [{ effectiveFrom: "2000-01-01", closeoutMinute: 0 }];
}
