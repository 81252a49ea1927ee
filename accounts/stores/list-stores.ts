import { appError } from "@tillcast/core";
import { runStatement, type Statement } from "@tillcast/core/database";
import type { ClientBase } from "pg";

type Queryable = Pick<ClientBase, "query">;

/** A store as it is listed. */
export interface StoreFacts {
  readonly storeId: string;
  readonly tenantId: string;
  readonly name: string;
  readonly timeZone: string;
  readonly currency: string;
  readonly country: string | null;
  readonly groups: readonly string[];
  readonly closedFrom: string | null;
  /** Of the local day, where the business date turns now. */
  readonly closeoutMinute: number;
  readonly isArchived: boolean;
}

const selectStores: Statement = {
  name: "stores-list",
  text: `
    select
      store_id as "storeId",
      tenant_id as "tenantId",
      name,
      present_time_zone(store_id, time_zone) as "timeZone",
      currency,
      country,
      groups,
      closed_from::text as "closedFrom",
      coalesce((
        select closeout_minute from store_closeout
        where store_closeout.store_id = store.store_id and effective_from <= current_date
        order by effective_from desc
        limit 1
      ), 0) as "closeoutMinute",
      archived_at is not null as "isArchived"
    from store
    where ($1::uuid is null or tenant_id = $1) and ($2 or archived_at is null)
    order by created_at, store_id`,
};

/** Stores of one tenant or of all, the oldest first. */
export async function listStores(
  db: Queryable,
  filter: { readonly tenantId?: string | undefined; readonly withArchived: boolean },
): Promise<StoreFacts[]> {
  const { rows } = await runStatement<StoreFacts & Record<string, unknown>>(db, selectStores, [
    filter.tenantId ?? null,
    filter.withArchived,
  ]);
  return rows;
}

/** Refuses stores that the tenant does not have. */
export async function requireStores(
  db: Queryable,
  tenantId: string,
  storeIds: readonly string[],
): Promise<void> {
  const { rows } = await db.query<{ store_id: string }>(
    "select store_id from store where tenant_id = $1 and store_id = any($2)",
    [tenantId, storeIds],
  );
  const known = new Set(rows.map((row) => row.store_id));
  const missing = storeIds.find((storeId) => !known.has(storeId));
  if (missing !== undefined) {
    throw appError("notFound", { what: `store ${missing} of tenant ${tenantId}` });
  }
}

/** Whose store this is; refused where there is none. */
export async function tenantOfStore(db: Queryable, storeId: string): Promise<string> {
  const { rows } = await db.query<{ tenant_id: string }>(
    "select tenant_id from store where store_id = $1",
    [storeId],
  );
  if (rows[0] === undefined) throw appError("notFound", { what: `store ${storeId}` });
  return rows[0].tenant_id;
}
