import { appError } from "@tillcast/core";
import { type Database, runStatement, type Statement } from "@tillcast/core/database";
import { currencyExponent } from "@tillcast/schemas";
import type { StoreStamp } from "../../orders/stamp-context.ts";
import { loadStores } from "../../places/store-rows.ts";
import type { ImportContext } from "./import-profile.ts";

/** The store that files are imported for. */
export interface ImportStore extends ImportContext, StoreStamp {
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

// Of any tenant: an import is run by whoever runs the installation.
const selectStore: Statement = {
  name: "ingest-import-store",
  text: "select store_id, tenant_id, time_zone, currency from store where store_id::text = $1",
};

/** Finds the store of an import; throws `notFound` where there is none. */
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
  const stamps = await loadStores(database, row.tenant_id, [row.store_id]);
  const stamp = stamps.get(row.store_id);
  if (stamp === undefined) throw appError("notFound", { what: `store ${storeId}` });
  return { ...stamp, tenantId: row.tenant_id, exponent };
}
