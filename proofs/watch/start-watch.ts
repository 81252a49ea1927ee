import { randomBytes } from "node:crypto";
import { declareLoop, type Loop, startLoop } from "@tillcast/core/work";
import type { ProofsDeps } from "../deps.ts";
import { makeOrderComparison } from "../verify/compare-some-orders.ts";
import { type Alarms, makeAlarms } from "./alarms.ts";
import { takeLook } from "./take-look.ts";
import { makeWatchMetrics } from "./watch-metrics.ts";

/** Bytes of an order key. */
const orderKeyBytes = 16;

/** Checks regularly whether all orders are accounted for, are settled in time, and still arrive. */
export interface Watch extends Pick<Loop, "stop"> {
  /** Checks at once. */
  look(): Promise<void>;
  readonly raised: Alarms["raised"];
}

const watchLoop = declareLoop({
  name: "watch",
  does: "checks whether all orders are accounted for, settled in time and still arrive; raises alarms",
  every: "WATCH_INTERVAL_MS",
});

/** Starts the watch of one process. All processes check the same tables and report the same. */
export function startWatch(deps: ProofsDeps): Watch {
  const { database, eventLog, clock, log, settings } = deps;
  const pool = database.service;
  const alarms = makeAlarms(deps);
  const metrics = makeWatchMetrics(deps.metrics);
  const comparison = makeOrderComparison({
    pool,
    ordersAtOnce: settings.WATCH_ORDERS_COMPARED,
    startKey: randomBytes(orderKeyBytes),
  });
  let unevenLooks = 0;

  /** One unbalanced check raises no alarm, because a checkpoint that is corrected by hand is unbalanced for a moment. */
  function unevenReason(uneven: readonly string[]): string | undefined {
    unevenLooks = uneven.length === 0 ? 0 : unevenLooks + 1;
    return unevenLooks >= settings.WATCH_UNEVEN_LOOKS ? uneven.join("; ") : undefined;
  }

  async function look(): Promise<void> {
    await comparison.step();
    const nowMs = clock.now();
    const seen = await takeLook({ pool, eventLog, log }, settings, nowMs);
    const { count, example } = comparison.differing();
    const differing =
      count === 0 ? [] : [`${count} sums of ledger entries differ, such as of ${example}`];
    alarms.report("orders_do_not_balance", unevenReason([...seen.uneven, ...differing]));
    alarms.report("orders_late", seen.late);
    alarms.report("intake_silent", seen.silent);
    alarms.report("names_in_conflict", seen.inConflict);
    metrics.show(seen, count, nowMs);
  }

  const loop = startLoop(watchLoop, { everyMs: settings.WATCH_INTERVAL_MS, log, step: look });
  return { look, raised: alarms.raised, stop: () => loop.stop() };
}
