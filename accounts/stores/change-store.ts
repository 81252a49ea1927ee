import { type Actor, appError, audited } from "@tillcast/core";
import { runStatement, type Statement, textArray } from "@tillcast/core/database";
import { DAY_MS, HOUR_MS, isDate, offsetMsAt } from "@tillcast/schemas";
import type { ClientBase, Pool } from "pg";

type Queryable = Pick<ClientBase, "query">;

/** What is to be set of a store; what is absent stays. Dates are business dates YYYY-MM-DD. */
export interface StoreChange {
  readonly name?: string | undefined;
  readonly timeZone?: { readonly zone: string; readonly from: string } | undefined;
  readonly closeout?: { readonly minute: number; readonly from: string } | undefined;
  readonly groups?: readonly string[] | undefined;
  /** The first date on which it trades no more; null opens it again. */
  readonly closedFrom?: string | null | undefined;
  readonly currency?: string | undefined;
}

/** Which store, what of it, and who decides. */
export interface StoreDecision {
  readonly tenantId: string;
  readonly storeId: string;
  readonly change: StoreChange;
  readonly by: Actor;
}

interface StoreRow {
  readonly name: string;
  readonly time_zone: string;
  readonly currency: string;
  readonly groups: readonly string[];
  readonly closed_from: string | null;
}

const lockStore: Statement = {
  name: "stores-lock",
  text: `
    select name, time_zone, currency, groups, closed_from
    from store
    where tenant_id = $1 and store_id = $2
    for update`,
};

const selectCounted: Statement = {
  name: "stores-counted",
  text: `
    select
      min(business_date) as first,
      max(business_date) as last,
      exists (select from tender_day where store_id = $1) as "hasTenders",
      exists (select from open_sales where store_id = $1 and orders <> 0) as "hasOpen"
    from ledger_entry
    where store_id = $1`,
};

const updateStore: Statement = {
  name: "stores-update",
  text: `
    update store
    set name = $3, time_zone = $4, currency = $5, groups = $6, closed_from = $7,
        settings_revision = settings_revision + 1
    where tenant_id = $1 and store_id = $2`,
};

// The zone so far holds for all dates before the first change.
const insertFirstZone: Statement = {
  name: "stores-insert-first-zone",
  text: `
    insert into store_zone (store_id, tenant_id, effective_from, time_zone)
    select $2, $1, '2000-01-01', $3
    where not exists (select from store_zone where store_id = $2)
    on conflict (store_id, effective_from) do nothing`,
};

const insertZone: Statement = {
  name: "stores-insert-zone",
  text: `
    insert into store_zone (store_id, tenant_id, effective_from, time_zone)
    values ($2, $1, $3, $4)
    on conflict (store_id, effective_from) do update
    set time_zone = excluded.time_zone`,
};

const insertCloseout: Statement = {
  name: "stores-insert-closeout",
  text: `
    insert into store_closeout (store_id, tenant_id, effective_from, closeout_minute)
    values ($2, $1, $3, $4)
    on conflict (store_id, effective_from) do update
    set closeout_minute = excluded.closeout_minute`,
};

/** What a store counts already. */
interface Counted {
  /** First and last business date with an entry; null where there is none. */
  readonly first: string | null;
  readonly last: string | null;
  readonly hasTenders: boolean;
  readonly hasOpen: boolean;
}

/**
 * Sets what is to be set of a store and raises its settings revision. Zone and closeout hold from a business date
 * on, after the last one that counts anything, so that no day that is counted is cut anew; a currency is set only
 * while nothing is counted.
 */
export async function changeStore(pool: Pool, decision: StoreDecision): Promise<void> {
  const { tenantId, storeId, change, by } = decision;
  await audited(pool, by, "store set", async (tx, note) => {
    const { rows } = await runStatement<StoreRow & Record<string, unknown>>(tx, lockStore, [
      tenantId,
      storeId,
    ]);
    const [before] = rows;
    if (before === undefined) throw appError("notFound", { what: "store with this id" });
    const counted = await loadCounted(tx, storeId);
    assertAllowed(before, decision, counted);
    const after: StoreRow = {
      name: change.name ?? before.name,
      time_zone: change.timeZone?.zone ?? before.time_zone,
      currency: change.currency ?? before.currency,
      groups: change.groups ?? before.groups,
      closed_from: change.closedFrom === undefined ? before.closed_from : change.closedFrom,
    };
    if (change.timeZone !== undefined) {
      await runStatement(tx, insertFirstZone, [tenantId, storeId, before.time_zone]);
      const { from, zone } = change.timeZone;
      await runStatement(tx, insertZone, [tenantId, storeId, from, zone]);
    }
    if (change.closeout !== undefined) {
      const { from, minute } = change.closeout;
      await runStatement(tx, insertCloseout, [tenantId, storeId, from, minute]);
    }
    await runStatement(tx, updateStore, [
      tenantId,
      storeId,
      after.name,
      after.time_zone,
      after.currency,
      textArray([...after.groups]),
      after.closed_from,
    ]);
    const { timeZone, closeout } = change;
    note({
      tenantId,
      subject: storeId,
      detail: {
        before,
        after: { ...after, ...(timeZone && { timeZone }), ...(closeout && { closeout }) },
      },
    });
  });
}

async function loadCounted(tx: Queryable, storeId: string): Promise<Counted> {
  const { rows } = await runStatement<Counted & Record<string, unknown>>(tx, selectCounted, [
    storeId,
  ]);
  return rows[0] as Counted;
}

function assertAllowed(before: StoreRow, { change, by }: StoreDecision, counted: Counted): void {
  assertAfterCounted("timeZone.from", change.timeZone?.from, counted);
  assertAfterCounted("closeout.from", change.closeout?.from, counted);
  if (change.closedFrom !== undefined && change.closedFrom !== null && !isDate(change.closedFrom)) {
    throw appError("validationFailed", { field: "closedFrom", reason: dateReason });
  }
  const { currency, timeZone } = change;
  const isUsed = counted.last !== null || counted.hasTenders || counted.hasOpen;
  if (currency !== undefined && currency !== before.currency && isUsed) {
    throw appError("conflict", {
      reason: `the store counts sales in ${before.currency} already; make another store for ${currency}`,
    });
  }
  if (timeZone === undefined || counted.first === null) return;
  const untilMs = by.at + daysAheadMax * DAY_MS;
  if (!areWholeHoursApart(before.time_zone, timeZone.zone, counted.first, untilMs)) {
    throw appError("conflict", {
      reason: `the clocks of ${before.time_zone} and ${timeZone.zone} are not whole hours apart, so that the hours counted so far would not fit; make another store`,
    });
  }
}

const dateReason = "must be a date YYYY-MM-DD";

function assertAfterCounted(field: string, from: string | undefined, { last }: Counted): void {
  if (from === undefined) return;
  if (!isDate(from)) throw appError("validationFailed", { field, reason: dateReason });
  if (last === null || from > last) return;
  throw appError("conflict", {
    reason: `sales of ${last} are counted, and a change does not rewrite them; choose a later date than that for ${field}`,
  });
}

/** Refunds of sales under the old zone may come for so long. */
const daysAheadMax = 800;

/**
 * Whether hours of two zones start at the same instants in a stretch of time. An order's hours are those of its
 * own zone; else the windows before and after a change would lie across one another.
 */
function areWholeHoursApart(
  before: string,
  after: string,
  firstDate: string,
  untilMs: number,
): boolean {
  for (let at = Date.parse(firstDate) - DAY_MS; at < untilMs; at += 7 * DAY_MS) {
    if ((offsetMsAt(at, before) - offsetMsAt(at, after)) % HOUR_MS !== 0) return false;
  }
  return true;
}
