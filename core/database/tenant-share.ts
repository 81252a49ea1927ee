import { type Limiter, makeLimiter } from "../limiter.ts";

/** Bounds how many connections of a pool one tenant holds, so that no tenant takes all. */
export interface TenantShare {
  /** Runs work of a tenant when its turn comes; refuses it with 503 when too much waits, or for too long. */
  run<Result>(tenantId: string, work: () => Promise<Result>): Promise<Result>;
}

export interface TenantShareLimits {
  /** Work of one tenant that runs at the same time. */
  readonly atOnce: number;
  /** Work of one tenant that waits for it. */
  readonly waitingMax: number;
  /** How long it waits. */
  readonly waitMs: number;
}

/** A tenant's limiter, and how many pieces of work are in it; it goes with the last. */
interface Share {
  readonly limit: Limiter;
  inside: number;
}

/** Makes the shares of one pool. Work inside other work of the same tenant would wait for itself. */
export function makeTenantShare({ atOnce, waitingMax, waitMs }: TenantShareLimits): TenantShare {
  const shares = new Map<string, Share>();
  const options = {
    atOnce,
    waitingMax,
    waitMaxMs: waitMs,
    what: "This tenant's share of the database",
  };
  return {
    async run(tenantId, work) {
      const share = shares.get(tenantId) ?? { limit: makeLimiter(options), inside: 0 };
      shares.set(tenantId, share);
      share.inside += 1;
      try {
        return await share.limit(work);
      } finally {
        share.inside -= 1;
        if (share.inside === 0) shares.delete(tenantId);
      }
    },
  };
}
