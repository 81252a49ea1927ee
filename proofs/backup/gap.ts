import { runStatement, type Statement } from "@tillcast/core/database";
import type { Pool } from "pg";

/** A feed that must send the orders of the gap again. */
export interface GapFeed {
  readonly tenantId: string;
  readonly source: string;
  readonly accountId: string;
  readonly locationId: string;
  readonly storeId: string | null;
}

/** The time between a backup and its restore. Orders accepted in it are in no backup and no log. */
export interface Gap {
  /** UTC milliseconds of receive time, from the end of the backup's log tail to the restore. */
  readonly from: number;
  readonly to: number;
  readonly feeds: readonly GapFeed[];
}

const selectFeeds: Statement = {
  name: "restore-feeds",
  text: `
    select tenant_id as "tenantId", source, account_id as "accountId", location_id as "locationId",
      store_id as "storeId"
    from feed
    order by tenant_id, source, account_id, location_id`,
};

/** The feeds that may have sent orders in the gap: all feeds in the backup. */
export async function findGap(pool: Pool, from: number, to: number): Promise<Gap> {
  return { from, to, feeds: (await runStatement<GapFeed>(pool, selectFeeds, [])).rows };
}
