import { runStatement, type Statement } from "@tillcast/core/database";
import type { Pool } from "pg";
import type { Differences } from "./differences.ts";

/** A store whose rows are verified. */
export interface VerifiedStore {
  readonly storeId: string;
  readonly tenantId: string;
}

const selectStores: Statement = {
  name: "verify-stores",
  text: "select store_id, tenant_id from store order by store_id",
};

/** Every known store. */
export async function loadVerifiedStores(pool: Pool): Promise<VerifiedStore[]> {
  type Row = { store_id: string; tenant_id: string };
  const { rows } = await runStatement<Row>(pool, selectStores, []);
  return rows.map((row) => ({ storeId: row.store_id, tenantId: row.tenant_id }));
}

/** Tables whose rows are read store by store; each has an index that begins with the store. */
const tablesByStore = [
  "ledger_entry",
  "rollup_15m",
  "rollup_hour",
  "rollup_day",
  "item_sales",
  "tender_day",
  "open_sales",
  "store_sequence",
] as const;

/** Jumps from store to store in the index: a table may have a hundred million rows of ten stores. */
const unknownStores = (table: string): Statement => ({
  name: `verify-unknown-stores-${table}`,
  text: `
    with recursive seen as (
      (select store_id from ${table} order by store_id limit 1)
      union all
      select (select t.store_id from ${table} t where t.store_id > seen.store_id order by t.store_id limit 1)
      from seen
      where seen.store_id is not null
    )
    select store_id from seen
    where store_id is not null and not exists (select from store where store.store_id = seen.store_id)`,
});

/** Names the stores that have rows and are not there: no reader sees those rows, and no other pass does. */
export async function verifyStoresAreKnown(pool: Pool, differences: Differences): Promise<void> {
  for (const table of tablesByStore) {
    const { rows } = await runStatement<{ store_id: string }>(pool, unknownStores(table), []);
    for (const { store_id: storeId } of rows) {
      differences.add({
        table,
        key: `store ${storeId}`,
        expected: { store_id: "a store that is known" },
        found: { store_id: storeId },
      });
    }
  }
}
