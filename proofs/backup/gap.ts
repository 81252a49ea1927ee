import { runStatement, type Statement } from "@tillcast/core/database";
import type { Pool } from "pg";

/** A feed whose orders of the gap have to be sent again. */
export interface GapFeed {
  readonly tenantId: string;
  readonly source: string;
  readonly accountId: string;
  readonly locationId: string;
  readonly storeId: string | null;
}

/** What was accepted in this time is not in a backup, and no log has it either. */
export interface Gap {
  /** UTC milliseconds by receive time: from the end of the backup's tail to the restore. */
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

/** The feeds that may have sent something in the gap: every one that the backup knows. */
export async function findGap(pool: Pool, from: number, to: number): Promise<Gap> {
  return { from, to, feeds: (await runStatement<GapFeed>(pool, selectFeeds, [])).rows };
}
