/** The stores that forecasts are made for, with what places their sales in time and in net. */
import { type Database, runStatement } from "@tillcast/core/database";
import type { CloseoutHistory } from "@tillcast/schemas";

/** The service role's pool. */
export type ServicePool = Database["service"];

export interface ForecastStore {
  readonly storeId: string;
  readonly tenantId: string;
  readonly timeZone: string;
  readonly currency: string;
  /** ISO 3166 country, whose holidays are known; null where it is not. */
  readonly country: string | null;
  /** Kinds of charges that the tenant counts as sales. */
  readonly netCharges: readonly string[];
  readonly closeouts: CloseoutHistory;
}

const selectStores = {
  name: "forecaster-stores",
  text: `
    select s.store_id as "storeId", s.tenant_id as "tenantId", present_time_zone(s.store_id, s.time_zone) as "timeZone", s.currency,
      s.country, t.net_charges as "netCharges",
      (select json_agg(json_build_object(
          'effectiveFrom', c.effective_from::text,
          'closeoutMinute', c.closeout_minute) order by c.effective_from)
        from store_closeout c
        where c.store_id = s.store_id) as closeouts
    from store s
    join tenant t on t.tenant_id = s.tenant_id
    where ($1::uuid is null or s.tenant_id = $1)
      and (s.closed_from is null or s.closed_from > current_date)
    order by s.tenant_id, s.store_id`,
};

/** A day of trade ends at night; a store without a closeout of its own turns at 04:00. */
const usualCloseouts: CloseoutHistory = [{ effectiveFrom: "2000-01-01", closeoutMinute: 240 }];

/** Loads all stores that still trade, or one tenant's. */
export async function loadForecastStores(
  pool: ServicePool,
  tenantId?: string,
): Promise<ForecastStore[]> {
  const { rows } = await runStatement<ForecastStore>(pool, selectStores, [tenantId ?? null]);
  return rows.map((row) => ({ ...row, closeouts: row.closeouts ?? usualCloseouts }));
}
