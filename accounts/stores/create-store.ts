import { randomUUID } from "node:crypto";
import { type Actor, appError, audited } from "@tillcast/core";
import { runStatement, type Statement } from "@tillcast/core/database";
import type { Pool } from "pg";
import { requireTenant } from "../tenants/list-tenants.ts";

/** A store to be made. */
export interface NewStore {
  readonly tenantId: string;
  readonly name: string;
  readonly timeZone: string;
  readonly currency: string;
  readonly closeoutMinute: number;
  readonly country?: string | undefined;
}

const insertStore: Statement = {
  name: "stores-insert",
  text: `
    insert into store (store_id, tenant_id, name, time_zone, currency, country)
    values ($1, $2, $3, $4, $5, $6)`,
};

/** From before any sale can lie, so that every one has a business date. */
const insertCloseout: Statement = {
  name: "stores-insert-first-closeout",
  text: `
    insert into store_closeout (store_id, tenant_id, effective_from, closeout_minute)
    values ($1, $2, '2000-01-01', $3)`,
};

/** Makes a store and answers its id. */
export function createStore(pool: Pool, by: Actor, store: NewStore): Promise<string> {
  const { tenantId, closeoutMinute, ...facts } = store;
  return audited(pool, by, "store created", async (tx, note) => {
    if (by.tenantId !== null && by.tenantId !== tenantId) {
      throw appError("notFound", { what: `tenant ${tenantId}` });
    }
    await requireTenant(tx, tenantId);
    const storeId = randomUUID();
    const { name, timeZone, currency, country = null } = facts;
    await runStatement(tx, insertStore, [storeId, tenantId, name, timeZone, currency, country]);
    await runStatement(tx, insertCloseout, [storeId, tenantId, closeoutMinute]);
    note({ tenantId, subject: storeId, detail: { ...facts, closeoutMinute } });
    return storeId;
  });
}

const archiveStoreStatement: Statement = {
  name: "stores-archive",
  text: `
    update store
    set archived_at = case when $3 then coalesce(archived_at, $4::timestamptz) end,
        closed_from = case when $3 then coalesce(closed_from, ($4::timestamptz)::date) else closed_from end,
        settings_revision = settings_revision + 1
    where store_id = $1 and ($2::uuid is null or tenant_id = $2)
    returning tenant_id, closed_from`,
};

/**
 * Takes a store out of every list, or puts it back. An archived store is closed from today on where it had no
 * last day; what it sold stays, and what still comes for it is counted. Putting it back does not open it.
 */
export function setStoreArchived(
  pool: Pool,
  by: Actor,
  { storeId, isArchived }: { readonly storeId: string; readonly isArchived: boolean },
): Promise<void> {
  return audited(pool, by, isArchived ? "store archived" : "store restored", async (tx, note) => {
    const { rows } = await runStatement<{ tenant_id: string; closed_from: string | null }>(
      tx,
      archiveStoreStatement,
      [storeId, by.tenantId, isArchived, new Date(by.at)],
    );
    if (rows[0] === undefined) throw appError("notFound", { what: `store ${storeId}` });
    const { tenant_id: tenantId, closed_from: closedFrom } = rows[0];
    note({ tenantId, subject: storeId, detail: { closedFrom } });
  });
}
