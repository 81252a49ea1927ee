import type { Logger } from "../logging.ts";

export interface PollingOptions {
  /** Named in log lines. */
  readonly name: string;
  /** Pause after a step that found nothing to do. */
  readonly everyMs: number;
  readonly log: Logger;
  /** Does one piece of work; true when there may be more at once. */
  readonly step: (signal: AbortSignal) => Promise<boolean>;
}

/** A loop that works in the background. */
export interface Polling {
  /** Looks for work now instead of at the next turn. */
  wake(): void;
  /** Aborts the signal and waits for the step in flight. Safe to call twice. */
  stop(): Promise<void>;
}

/** After a failed step, such as a lost database, the pause grows to this. */
const pauseAfterFaultMaxMs = 10_000;

/** Repeats a step until stopped; a step that throws is logged and tried again after a pause. */
export function startPolling(options: PollingOptions): Polling {
  const stopped = new AbortController();
  let wakeUp: () => void = () => undefined;
  let isAwake = false;

  function rest(durationMs: number): Promise<void> {
    if (isAwake || stopped.signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, durationMs);
      wakeUp = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  async function run(): Promise<void> {
    let faults = 0;
    while (!stopped.signal.aborted) {
      isAwake = false;
      try {
        const hasMore = await options.step(stopped.signal);
        faults = 0;
        if (!hasMore) await rest(options.everyMs);
      } catch (error) {
        if (stopped.signal.aborted) return;
        faults += 1;
        options.log.error({ err: error, loop: options.name, faults }, "background step failed");
        await rest(Math.min(pauseAfterFaultMaxMs, options.everyMs * 2 ** faults));
      }
    }
  }

  const running = run();
  return {
    wake() {
      isAwake = true;
      wakeUp();
    },
    stop() {
      stopped.abort();
      wakeUp();
      return running;
    },
  };
}
