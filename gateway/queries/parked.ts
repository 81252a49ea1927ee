import type { Principal } from "@tillcast/accounts";
import type { Transaction } from "@tillcast/core/database";
import { selectRows } from "./select-rows.ts";

const selectParkedCount = `
select count(*) as parked
from parked_order
where tenant_id = $1 and released_at is null`;

/** Orders of a tenant that wait; who sees some stores only cannot be told whose they will be. */
export async function countParked(tx: Transaction, principal: Principal): Promise<number> {
  if (principal.storeIds !== null) return 0;
  const rows = await selectRows<{ parked: bigint }>(tx, selectParkedCount, [principal.tenantId]);
  return Number(rows[0]?.parked ?? 0n);
}
