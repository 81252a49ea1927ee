import { type Database, runStatement, type Statement } from "@tillcast/core/database";
import { isDefaultAccount, locationSpaceOf, type Numbering, orderKeyOf } from "@tillcast/schemas";
import type { OrderName } from "./order-status.ts";

/** Most locations of an account that are searched for a number. */
export const LOCATIONS_MAX_COUNT = 200;
/** How many past days are searched for a daily number without its number space. */
export const DAYS_BACK_COUNT = 8;

interface FeedRow {
  readonly location_id: string;
  readonly numbering: Numbering;
}

const selectLocations: Statement = {
  name: "ingest-status-locations",
  text: `
    select location_id, numbering
    from feed
    where tenant_id = $1 and source = $2 and account_id = $3
    order by last_proof_at desc nulls last, location_id
    limit $4`,
};

/**
 * The possible keys of an order with this number: by the number alone, per location of the account, and per
 * day of the last days if numbers repeat daily. With a number space there is one key.
 */
export async function statusKeysOf(
  database: Database,
  tenantId: string,
  { source, accountId, orderId, space }: OrderName,
  nowMs: number,
): Promise<Buffer[]> {
  const keyIn = (numberSpace: string | null): Buffer =>
    orderKeyOf({ tenantId, source, accountId, orderId, numberSpace });
  if (space !== undefined) return [keyIn(space)];
  const { rows } = await runStatement<FeedRow>(database.service, selectLocations, [
    tenantId,
    source,
    accountId,
    LOCATIONS_MAX_COUNT,
  ]);
  const spaces = rows.flatMap((row) => spacesOf(row, { source, accountId }, nowMs));
  return [keyIn(null), ...spaces.map(keyIn)];
}

function spacesOf(
  { location_id: locationId, numbering }: FeedRow,
  account: { readonly source: string; readonly accountId: string },
  nowMs: number,
): string[] {
  const location = locationSpaceOf(locationId);
  const days =
    numbering === "per_day" ? lastDays(nowMs).map((day) => `${location}/day:${day}`) : [];
  return isDefaultAccount(account) ? [location, ...days] : days;
}

/** Today in any time zone, and the days before. */
function lastDays(nowMs: number): string[] {
  return Array.from({ length: DAYS_BACK_COUNT }, (_, back) =>
    new Date(nowMs + (1 - back) * 86_400_000).toISOString().slice(0, 10),
  );
}
