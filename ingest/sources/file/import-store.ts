import { appError } from "@tillcast/core";
import { type Database, runStatement, type Statement } from "@tillcast/core/database";
import { currencyExponent } from "@tillcast/schemas";
import type { StoreContext } from "../../orders/order-context.ts";
import { loadStoreContexts } from "../../places/store-rows.ts";
import type { ImportContext } from "./import-profile.ts";

/** The store of an import. */
export interface ImportStore extends ImportContext, StoreContext {
  readonly storeId: string;
  readonly timeZone: string;
  readonly currency: string;
  readonly tenantId: string;
}

interface StoreRow {
  readonly store_id: string;
  readonly tenant_id: string;
  readonly time_zone: string;
  readonly currency: string;
}

// A store of any tenant, because operators of the installation run imports.
const selectStore: Statement = {
  name: "ingest-import-store",
  text: "select store_id, tenant_id, time_zone, currency from store where store_id::text = $1",
};

/** Loads the store of an import. Throws `notFound` if it does not exist. */
export async function findImportStore(database: Database, storeId: string): Promise<ImportStore> {
  const { rows } = await runStatement<StoreRow>(database.service, selectStore, [
    storeId.toLowerCase(),
  ]);
  const [row] = rows;
  if (row === undefined) throw appError("notFound", { what: `store ${storeId}` });
  const exponent = currencyExponent(row.currency);
  if (exponent === undefined) {
    throw appError("conflict", { reason: `the store's currency ${row.currency} is not known` });
  }
  const contexts = await loadStoreContexts(database, row.tenant_id, [row.store_id]);
  const context = contexts.get(row.store_id);
  if (context === undefined) throw appError("notFound", { what: `store ${storeId}` });
  return { ...context, tenantId: row.tenant_id, exponent };
}
