import type { Logger } from "@tillcast/core";
import { runStatement, type Statement } from "@tillcast/core/database";
import type { FeedState } from "@tillcast/schemas";
import type { Pool } from "pg";
import type { FeedFacts } from "./feed-state.ts";
import { isOpenAt, OpeningHours } from "./opening-hours.ts";

// Files are history, and a store that closed for good sells no more: nobody waits for their next sale.
const selectFeeds: Statement = {
  name: "feeds-select",
  text: `
    select feed.tenant_id, feed.source, feed.account_id, feed.location_id, feed.store_id,
           feed.expects_heartbeat, feed.last_proof_at, feed.watermark, feed.state,
           present_time_zone(store_id, store.time_zone) as time_zone, store.opening_hours
    from feed
    join store using (store_id)
    where feed.source <> 'file' and (store.closed_from is null or store.closed_from > current_date)`,
};

/** A feed that is mapped to a store, with what tells whether it should be heard of. */
export interface FeedRow {
  readonly tenant_id: string;
  readonly source: string;
  readonly account_id: string;
  readonly location_id: string;
  readonly store_id: string;
  readonly expects_heartbeat: boolean;
  readonly last_proof_at: number | null;
  readonly watermark: number | null;
  readonly state: FeedState;
  readonly time_zone: string;
  readonly opening_hours: unknown;
}

/** Loads every live feed that is mapped to a store. */
export async function loadFeedRows(pool: Pool): Promise<FeedRow[]> {
  return (await runStatement<FeedRow>(pool, selectFeeds, [])).rows;
}

/** What is known of a feed at an instant; opening hours that nobody understands are told in the log. */
export function factsOf(row: FeedRow, nowMs: number, log: Logger): FeedFacts {
  const hours = OpeningHours.nullable().safeParse(row.opening_hours);
  if (!hours.success) log.warn({ storeId: row.store_id }, "opening hours not understood");
  const known = hours.success ? hours.data : null;
  return {
    lastProofAt: row.last_proof_at,
    expectsHeartbeat: row.expects_heartbeat,
    watermark: row.watermark,
    isOpen: known === null ? null : isOpenAt(known, nowMs, row.time_zone),
  };
}
