import { type Transaction, uuidArray } from "@tillcast/core/database";
import { type FeedState, feedKeyOf, type LiveFeed } from "@tillcast/schemas";
import { selectRows } from "./select-rows.ts";

interface FeedRow {
  readonly tenant_id: string;
  readonly store_id: string;
  readonly source: string;
  readonly account_id: string;
  readonly location_id: string;
  readonly state: FeedState;
  readonly state_since: number;
  readonly last_proof_at: number | null;
  readonly watermark: number | null;
  readonly clock_ahead_ms: bigint | null;
}

const selectFeeds = `
select
  tenant_id,
  store_id,
  source,
  account_id,
  location_id,
  state,
  state_since,
  last_proof_at,
  watermark,
  clock_ahead_ms
from feed
where store_id = any($1::uuid[])
order by source, account_id, location_id`;

/** The feeds of each store with how fresh they are; without an entry where a store has none. */
export async function loadFeedStates(
  tx: Transaction,
  storeIds: readonly string[],
): Promise<ReadonlyMap<string, LiveFeed[]>> {
  const rows = await selectRows<FeedRow>(tx, selectFeeds, [uuidArray(storeIds)]);
  const feeds = new Map<string, LiveFeed[]>();
  for (const row of rows) {
    const ofStore = feeds.get(row.store_id) ?? [];
    ofStore.push(viewFeed(row));
    feeds.set(row.store_id, ofStore);
  }
  return feeds;
}

function viewFeed(row: FeedRow): LiveFeed {
  return {
    feedKey: feedKeyOf({
      tenantId: row.tenant_id,
      source: row.source,
      accountId: row.account_id,
      locationId: row.location_id,
    }),
    source: row.source,
    state: row.state,
    since: row.state_since,
    lastProofAt: row.last_proof_at,
    watermark: row.watermark,
    clockAheadMs: row.clock_ahead_ms === null ? null : Number(row.clock_ahead_ms),
  };
}
