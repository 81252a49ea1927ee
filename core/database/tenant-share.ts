import { appError } from "../errors.ts";

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

interface Waiting {
  readonly start: () => void;
  readonly timer: NodeJS.Timeout;
}

interface Lane {
  running: number;
  readonly waiting: Waiting[];
}

/** Makes the shares of one pool. Work inside other work of the same tenant would wait for itself. */
export function makeTenantShare(limits: TenantShareLimits): TenantShare {
  const lanes = new Map<string, Lane>();

  function turnOf(lane: Lane): Promise<void> {
    if (lane.running < limits.atOnce) {
      lane.running += 1;
      return Promise.resolve();
    }
    if (lane.waiting.length >= limits.waitingMax) return Promise.reject(full());
    return new Promise((resolve, reject) => {
      const waiting: Waiting = {
        start: resolve,
        timer: setTimeout(() => {
          lane.waiting.splice(lane.waiting.indexOf(waiting), 1);
          reject(full());
        }, limits.waitMs),
      };
      lane.waiting.push(waiting);
    });
  }

  return {
    async run(tenantId, work) {
      const lane = lanes.get(tenantId) ?? { running: 0, waiting: [] };
      lanes.set(tenantId, lane);
      await turnOf(lane);
      try {
        return await work();
      } finally {
        // Whoever finishes hands its place over, so that nobody overtakes.
        const next = lane.waiting.shift();
        if (next === undefined) {
          lane.running -= 1;
          if (lane.running === 0) lanes.delete(tenantId);
        } else {
          clearTimeout(next.timer);
          next.start();
        }
      }
    },
  };
}

const full = () =>
  appError("overloaded", { what: "This tenant's share of the database", retryAfterSeconds: 1 });
