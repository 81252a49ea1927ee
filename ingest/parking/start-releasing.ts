import { declareLoop, startLoop } from "@tillcast/core/work";
import { appendDecidedNames } from "../names/append-decided.ts";
import { decideNamesByRule } from "../names/decide-by-rule.ts";
import { type ReleaseDeps, releaseParked } from "./release-parked.ts";

const releasingLoop = declareLoop({
  name: "parked orders",
  does: "appends parked orders whose store became known, and decides names by rule",
  every: "INGEST_RELEASE_INTERVAL_MS",
  lease: "parked orders",
  first: "after a rest",
});

/** Orders whose store became known, and those whose name was decided. */
async function release(deps: ReleaseDeps): Promise<number> {
  const released = await releaseParked(deps);
  await decideNamesByRule(deps.database, deps.clock.now());
  return released + (await appendDecidedNames(deps));
}

/** The timer that releases parked orders. */
export interface Releasing {
  /** Runs at once, or joins the current run. Resolves with the number of released orders. */
  runNow(): Promise<number>;
  /** Stops the timer and waits for the current run. Safe to call twice. */
  close(): Promise<void>;
}

/**
 * Releases parked orders every `intervalMs`, one run at a time and in one of all processes. An error is logged
 * and the next run tries again.
 */
export function startReleasing(deps: ReleaseDeps, intervalMs: number): Releasing {
  let running: Promise<number> | undefined;
  const runNow = (): Promise<number> => {
    running ??= release(deps).finally(() => {
      running = undefined;
    });
    return running;
  };
  const loop = startLoop(releasingLoop, {
    everyMs: intervalMs,
    pool: deps.database.service,
    log: deps.log,
    step: async () => void (await runNow()),
  });
  return {
    runNow,
    async close() {
      await loop.stop();
      await running?.catch(() => undefined);
    },
  };
}
