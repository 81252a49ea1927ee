/** When the loops of this process last had a good turn, and how often a turn failed. */

import type { Metrics } from "../../telemetry.ts";

/** One loop that runs. */
export interface LoopTurns {
  /** A turn ended well. */
  done(): void;
  failed(): void;
  /** The loop has ended. */
  ended(): void;
}

interface Running {
  lastTurnAtMs: number;
}

/** A loop runs in several places of a process at once, such as the heartbeats of its jobs. */
const running = new Map<string, Set<Running>>();
const failures = new Map<string, number>();

/** Follows a loop from its start on. */
export function followTurns(loop: string): LoopTurns {
  const one: Running = { lastTurnAtMs: performance.now() };
  const others = running.get(loop) ?? new Set();
  running.set(loop, others.add(one));
  failures.set(loop, failures.get(loop) ?? 0);
  return {
    done() {
      one.lastTurnAtMs = performance.now();
    },
    failed() {
      failures.set(loop, (failures.get(loop) ?? 0) + 1);
    },
    ended() {
      others.delete(one);
    },
  };
}

/** Shows the loops of this process in its metrics. */
export function showLoops(metrics: Metrics): void {
  metrics.gauge({
    name: "tillcast_loop_last_turn_seconds",
    help: "Seconds since a loop's last turn that did not fail, or since its start; of several of one name, the longest.",
    labelNames: ["loop"],
    collect(gauge) {
      gauge.reset();
      for (const [loop, ones] of running) {
        if (ones.size === 0) continue;
        const oldestMs = Math.min(...[...ones].map(({ lastTurnAtMs }) => lastTurnAtMs));
        gauge.set({ loop }, (performance.now() - oldestMs) / 1_000);
      }
    },
  });
  metrics.counter({
    name: "tillcast_loop_failures_total",
    help: "Turns of a loop that failed and were tried again.",
    labelNames: ["loop"],
    collect(counter) {
      counter.reset();
      for (const [loop, count] of failures) counter.inc({ loop }, count);
    },
  });
}
