import { type Database, dateArray, runStatement, type Statement } from "@tillcast/core/database";
import type { ImportFeed } from "./import-feed.ts";
import type { ImportStore } from "./import-store.ts";

/** Most business dates per statement, so that a long import queries in parts. */
const DATES_MAX_COUNT = 31;

/** Sales of another feed of the store on a business date of the import. */
export interface Overlap {
  readonly businessDate: string;
  /** `source/account/location`. */
  readonly feed: string;
  readonly orders: number;
}

const selectOtherFeed: Statement = {
  name: "ingest-import-other-feed",
  text: `
    select 1
    from feed
    where store_id = $1 and not (source = 'file' and account_id = $2 and location_id = $3)
    limit 1`,
};

// The entries of an order that was taken back cancel out, so it does not overlap.
const selectOverlaps: Statement = {
  name: "ingest-import-overlaps",
  text: `
    select business_date as "businessDate", source || '/' || account_id || '/' || location_id as feed,
      count(*)::int as orders
    from (
      select e.business_date, h.source, h.account_id, h.location_id, e.order_key
      from ledger_entry e
      join order_head h on h.order_key = e.order_key
      where e.store_id = $1
        and e.business_date = any($2::date[])
        and not (h.source = 'file' and h.account_id = $3 and h.location_id = $4)
      group by e.business_date, h.source, h.account_id, h.location_id, e.order_key
      having sum(e.orders) <> 0 or sum(e.net) <> 0 or sum(e.refund) <> 0
    ) as sold
    group by business_date, source, account_id, location_id
    order by business_date, feed`,
};

/**
 * Finds business dates on which another feed of the store has counted sales, because the same bill by file and by
 * push would count twice. Dates outside the import feed's authority do not count, so they do not overlap.
 */
export async function findOverlaps(
  database: Database,
  store: ImportStore,
  feed: ImportFeed,
  dates: readonly string[],
): Promise<readonly Overlap[]> {
  const { accountId, locationId, authorityFrom, authorityTo } = feed;
  const counting = dates.filter(
    (date) => date >= (authorityFrom ?? date) && date <= (authorityTo ?? date),
  );
  const others = await runStatement(database.service, selectOtherFeed, [
    store.storeId,
    accountId,
    locationId,
  ]);
  if (others.rows.length === 0) return [];
  const overlaps: Overlap[] = [];
  for (let at = 0; at < counting.length; at += DATES_MAX_COUNT) {
    const { rows } = await runStatement<Overlap & Record<string, unknown>>(
      database.service,
      selectOverlaps,
      [store.storeId, dateArray(counting.slice(at, at + DATES_MAX_COUNT)), accountId, locationId],
    );
    overlaps.push(...rows);
  }
  return overlaps;
}
