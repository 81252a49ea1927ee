import { setTimeout as pause } from "node:timers/promises";
import type { Logger } from "../../logging.ts";
import { findPostmaster } from "./postmaster.ts";

export interface WatchOptions {
  readonly cluster: string;
  readonly log: Logger;
  /** Restarts the server on its last port. */
  readonly restart: () => Promise<void>;
  /** Default `restartPausesMs`. */
  readonly pausesMs?: readonly number[];
}

const pollMs = 1_000;
/**
 * Pauses after one, two, ... failed restarts in a row. The last pause repeats. A full disk may stay full for hours, and
 * the server restarts within a minute after there is room.
 */
export const restartPausesMs: readonly number[] = [1_000, 2_000, 5_000, 15_000, 30_000, 60_000];

/**
 * Checks every second whether the server runs, and restarts it if not, for as long as this process runs. Only failed
 * restarts add pauses: a server that ends after a successful start is restarted at once, however often.
 */
export function watchServer(options: WatchOptions): { stop(): Promise<void> } {
  const stopped = new AbortController();
  const watching = watch(options, stopped.signal);
  return {
    stop() {
      stopped.abort();
      return watching;
    },
  };
}

async function watch(options: WatchOptions, signal: AbortSignal): Promise<void> {
  const { cluster, log, restart, pausesMs = restartPausesMs } = options;
  let failedInARow = 0;
  let nextPauseMs = pollMs;
  while (!signal.aborted) {
    await pause(nextPauseMs, undefined, { signal, ref: false }).catch(() => undefined);
    nextPauseMs = pollMs;
    if (signal.aborted || findPostmaster(cluster) !== undefined) continue;
    log.error({ failedInARow }, "database server ended unexpectedly; it is restarted");
    try {
      await restart();
      failedInARow = 0;
    } catch (error) {
      nextPauseMs = pausesMs[Math.min(failedInARow, pausesMs.length - 1)] ?? pollMs;
      failedInARow += 1;
      log.error(
        { err: error, failedInARow, nextTryMs: nextPauseMs },
        "database server could not be started again",
      );
    }
  }
}
