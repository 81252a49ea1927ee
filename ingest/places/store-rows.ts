import {
  asTenant,
  type Database,
  runStatement,
  type Statement,
  uuidArray,
} from "@tillcast/core/database";
import type { CountedWhen, ZoneHistory } from "@tillcast/schemas";
import type { StoreContext } from "../orders/order-context.ts";

interface StoreRow {
  readonly store_id: string;
  readonly time_zone: string;
  readonly currency: string;
  readonly counted_when: CountedWhen;
  readonly settings_revision: number;
  readonly closeouts: { effectiveFrom: string; closeoutMinute: number }[];
  readonly zones: ZoneHistory;
}

// Both revisions only rise, so their sum rises with every change.
const selectStores: Statement = {
  name: "ingest-select-stores",
  text: `
    select s.store_id, s.time_zone, s.currency, t.counted_when,
           t.settings_revision + s.settings_revision as settings_revision,
           (select coalesce(json_agg(json_build_object(
                     'effectiveFrom', c.effective_from, 'closeoutMinute', c.closeout_minute)
                   order by c.effective_from), '[]')
            from store_closeout c
            where c.store_id = s.store_id) as closeouts,
           (select coalesce(json_agg(json_build_object(
                     'effectiveFrom', z.effective_from, 'timeZone', z.time_zone)
                   order by z.effective_from), '[]')
            from store_zone z
            where z.store_id = s.store_id) as zones
    from store s
    join tenant t on t.tenant_id = s.tenant_id
    where s.tenant_id = $1 and s.store_id = any($2::uuid[])`,
};

/** Without a closeout of its own, a store's business date turns at midnight. */
const midnight = [{ effectiveFrom: "2000-01-01", closeoutMinute: 0 }];

/** Loads the contexts of the given stores. Ids of other tenants are not found. */
export async function loadStoreContexts(
  database: Database,
  tenantId: string,
  storeIds: readonly string[],
): Promise<Map<string, StoreContext>> {
  if (storeIds.length === 0) return new Map();
  const { rows } = await asTenant(database.tenant, tenantId, (tx) =>
    runStatement<StoreRow>(tx, selectStores, [tenantId, uuidArray(storeIds)]),
  );
  return new Map(
    rows.map((row) => [
      row.store_id,
      {
        storeId: row.store_id,
        timeZone: row.time_zone,
        zones: row.zones,
        currency: row.currency,
        countedWhen: row.counted_when,
        settingsRevision: row.settings_revision,
        closeouts: row.closeouts.length === 0 ? midnight : row.closeouts,
      },
    ]),
  );
}
