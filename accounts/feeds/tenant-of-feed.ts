import { appError } from "@tillcast/core";
import type { ClientBase } from "pg";
import { feedNameText, type VendorFeedName } from "./feed-name.ts";

/** Whose feed this is; undefined where there is none, and refused where several tenants have one of the name. */
export async function tenantOfFeed(
  db: Pick<ClientBase, "query">,
  name: VendorFeedName,
): Promise<string | undefined> {
  const { rows } = await db.query<{ tenant_id: string }>(
    "select tenant_id from feed where source = $1 and account_id = $2 and location_id = $3 limit 2",
    [name.source, name.accountId, name.locationId],
  );
  if (rows.length < 2) return rows[0]?.tenant_id;
  throw appError("validationFailed", {
    field: "--tenant",
    reason: `several tenants have a feed ${feedNameText(name)}; say whose`,
  });
}
