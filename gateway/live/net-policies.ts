import type { Clock } from "@tillcast/core";
import { asTenant, type Database } from "@tillcast/core/database";
import type { ChargeKind } from "@tillcast/schemas";
import { liveLimits } from "../config.ts";
import { selectRows } from "../queries/select-rows.ts";

/** Which charges each tenant counts as sales, remembered for a while. */
export interface NetPolicies {
  /** What is remembered, even if it is old: then it is read anew beside. */
  known(tenantId: string): readonly ChargeKind[] | undefined;
  load(tenantId: string): Promise<readonly ChargeKind[]>;
}

const selectNetCharges = `
select net_charges
from tenant
where tenant_id = $1`;

interface Remembered {
  readonly netCharges: readonly ChargeKind[];
  readonly untilMs: number;
}

/** Makes an empty memory. */
export function makeNetPolicies(deps: {
  readonly database: Pick<Database, "read">;
  readonly clock: Clock;
}): NetPolicies {
  const remembered = new Map<string, Remembered>();
  const loading = new Map<string, Promise<readonly ChargeKind[]>>();

  function load(tenantId: string): Promise<readonly ChargeKind[]> {
    const underWay = loading.get(tenantId);
    if (underWay !== undefined) return underWay;
    const reading = read(tenantId).finally(() => loading.delete(tenantId));
    loading.set(tenantId, reading);
    return reading;
  }

  async function read(tenantId: string): Promise<readonly ChargeKind[]> {
    const rows = await asTenant(deps.database.read, tenantId, (tx) =>
      selectRows<{ net_charges: ChargeKind[] }>(tx, selectNetCharges, [tenantId]),
    );
    const netCharges = rows[0]?.net_charges ?? [];
    const [oldest] = remembered.keys();
    if (remembered.size >= liveLimits.policiesMax && oldest !== undefined) {
      remembered.delete(oldest);
    }
    remembered.delete(tenantId);
    remembered.set(tenantId, {
      netCharges,
      untilMs: deps.clock.now() + liveLimits.policyMaxAgeMs,
    });
    return netCharges;
  }

  return {
    known(tenantId) {
      const found = remembered.get(tenantId);
      // What is old still serves; a database that is away must not silence the stores.
      if (found !== undefined && found.untilMs < deps.clock.now())
        void load(tenantId).catch(() => undefined);
      return found?.netCharges;
    },
    load,
  };
}
