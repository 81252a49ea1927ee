import type { Clock } from "@tillcast/core";
import type { LogBatch } from "@tillcast/event-log";

/** How long history waits before it looks again whether live orders are through. */
const lookAgainMs = 50;

/** Knows how long live orders wait, so that history can give way to them. */
export interface LiveDelay {
  /** Runs the settling of a live batch, and remembers how old its first order is meanwhile. */
  during<Result>(batch: LogBatch, settle: () => Promise<Result>): Promise<Result>;
  /** Resolves when no live batch in work is older than the limit, or when the signal aborts. */
  untilShort(signal: AbortSignal): Promise<void>;
}

/** Makes the gauge; it sees the live batches of this process. */
export function makeLiveDelay(deps: {
  readonly clock: Clock;
  readonly delayMaxMs: number;
}): LiveDelay {
  const inWork = new Map<number, number>();
  const longestMs = () => {
    const oldest = Math.min(...inWork.values());
    return inWork.size === 0 ? 0 : deps.clock.now() - oldest;
  };
  return {
    during: async (batch, settle) => {
      inWork.set(batch.partition, batch.records[0]?.appendedAt ?? deps.clock.now());
      try {
        return await settle();
      } finally {
        inWork.delete(batch.partition);
      }
    },
    untilShort: async (signal) => {
      while (!signal.aborted && longestMs() > deps.delayMaxMs) {
        await new Promise((resolve) => setTimeout(resolve, lookAgainMs));
      }
    },
  };
}
