import { setTimeout as pause } from "node:timers/promises";
import type { Logger } from "../../logging.ts";
import { findPostmaster } from "./postmaster.ts";

export interface WatchOptions {
  readonly cluster: string;
  readonly log: Logger;
  /** Starts the server again on its former port. */
  readonly restart: () => Promise<void>;
  /** Default `restartPausesMs`. */
  readonly pausesMs?: readonly number[];
}

const pollMs = 1_000;
/**
 * Pauses after one, two, ... restarts in a row that failed; the last one repeats. A disk that is full stays
 * full for hours, and the server comes back within a minute of there being room.
 */
export const restartPausesMs: readonly number[] = [1_000, 2_000, 5_000, 15_000, 30_000, 60_000];

/**
 * Looks every second whether the server lives, and starts it again when it does not, for as long as this
 * process runs. Only restarts that fail are slowed down: a server that falls after a good start is started
 * at once, however often that happens.
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
    log.error({ failedInARow }, "database server ended unasked; starting it again");
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
