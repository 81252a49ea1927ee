import { makeLead } from "@tillcast/core/work";
import { appendDecidedNames } from "../names/append-decided.ts";
import { decideNamesByRule } from "../names/decide-by-rule.ts";
import { type ReleaseDeps, releaseParked } from "./release-parked.ts";

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
  const lead = makeLead({ pool: deps.database.service, work: "parked orders" });
  let running: Promise<number> | undefined;
  const runNow = (): Promise<number> => {
    running ??= release(deps).finally(() => {
      running = undefined;
    });
    return running;
  };
  let looking: Promise<void> | undefined;
  const look = async () => {
    try {
      if (await lead.isOurs()) await runNow();
    } catch (error) {
      deps.log.warn({ err: error }, "parked orders were not released; the next run tries again");
    }
  };
  const timer = setInterval(() => {
    looking ??= look().finally(() => {
      looking = undefined;
    });
  }, intervalMs);
  timer.unref();
  return {
    runNow,
    async close() {
      clearInterval(timer);
      await looking;
      await running?.catch(() => undefined);
      await lead.close();
    },
  };
}
