/** How many feeds a tenant may have. Orders and heartbeats make feeds, so a key could make them without end. */
import { type Database, runStatement, type Statement } from "@tillcast/core/database";
import type { Fault } from "../orders/faults.ts";

const countFeeds: Statement = {
  name: "ingest-count-feeds",
  text: "select count(*)::int as feeds from feed where tenant_id = $1",
};

/** How many more feeds a tenant may have. Requests at the same moment may exceed the limit by what they make. */
export async function feedsLeft(
  database: Database,
  tenantId: string,
  feedsMax: number,
): Promise<number> {
  const { rows } = await runStatement<{ feeds: number }>(database.service, countFeeds, [tenantId]);
  return Math.max(0, feedsMax - (rows[0]?.feeds ?? 0));
}

/** The fault of an order or heartbeat whose feed would be one too many. */
export function feedTooMany(feedsMax: number): Fault {
  return {
    field: "locationId",
    reason: `is new, and this tenant has ${feedsMax} feeds already, as many as it may`,
  };
}
