import { setTimeout as pause } from "node:timers/promises";
import type { Logger } from "../../logging.ts";
import { findPostmaster } from "./postmaster.ts";

export interface WatchOptions {
  readonly cluster: string;
  readonly log: Logger;
  /** Starts the server again on its former port. */
  readonly restart: () => Promise<void>;
}

const pollMs = 1_000;
/** A server that falls this often has a cause that starting does not cure. */
const restartsMax = 5;
/** A server that stood for this long has its falls forgotten. */
const forgetMs = 10 * 60_000;

/** Looks every second whether the server lives, and starts it again when it does not. */
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
  let restarts = 0;
  let fellAtMs = 0;
  while (!signal.aborted) {
    await pause(pollMs, undefined, { signal, ref: false }).catch(() => undefined);
    if (signal.aborted || findPostmaster(options.cluster) !== undefined) continue;
    if (performance.now() - fellAtMs > forgetMs) restarts = 0;
    fellAtMs = performance.now();
    restarts += 1;
    if (restarts > restartsMax) {
      options.log.fatal({ restarts: restartsMax }, "database server keeps falling; given up");
      return;
    }
    options.log.error({ restarts }, "database server ended unasked; starting it again");
    await options.restart().catch((error: unknown) => {
      options.log.error({ err: error }, "database server could not be started again");
    });
  }
}
