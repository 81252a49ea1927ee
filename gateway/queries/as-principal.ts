import type { Principal } from "@tillcast/accounts";
import { asTenant, type Database, type Transaction } from "@tillcast/core/database";

/**
 * Reads as one tenant, all in one picture: what is counted and what is listed agree, and a version says
 * no more than the rows beside it show. On the replica where there is one.
 */
export function readAs<Result>(
  database: Pick<Database, "read" | "share">,
  principal: Pick<Principal, "tenantId">,
  work: (tx: Transaction) => Promise<Result>,
): Promise<Result> {
  const { tenantId } = principal;
  return database.share.run(tenantId, () =>
    asTenant(database.read, tenantId, work, { isolation: "repeatable read", readOnly: true }),
  );
}
