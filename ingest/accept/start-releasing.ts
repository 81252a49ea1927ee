import { type ReleaseDeps, releaseParked } from "./release-parked.ts";

/** The timer that looks at parked orders. */
export interface Releasing {
  /** Runs at once, or joins the run in progress; answers how many orders were released. */
  runNow(): Promise<number>;
  /** Stops the timer and waits for a run in progress. Safe to call twice. */
  close(): Promise<void>;
}

/** Looks at parked orders every `intervalMs`, one run at a time; a fault is logged and tried again. */
export function startReleasing(deps: ReleaseDeps, intervalMs: number): Releasing {
  let running: Promise<number> | undefined;
  const runNow = (): Promise<number> => {
    running ??= releaseParked(deps).finally(() => {
      running = undefined;
    });
    return running;
  };
  const timer = setInterval(() => {
    runNow().catch((error: unknown) => deps.log.warn({ err: error }, "parked orders not released"));
  }, intervalMs);
  timer.unref();
  return {
    runNow,
    async close() {
      clearInterval(timer);
      await running?.catch(() => undefined);
    },
  };
}
