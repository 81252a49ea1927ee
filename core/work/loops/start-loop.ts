import type { Pool } from "pg";
import type { Logger } from "../../logging.ts";
import { makeLease } from "../lease.ts";
import type { LoopDeclaration } from "./declare-loop.ts";
import { followTurns } from "./loop-turns.ts";

interface LoopOptionsOfAll {
  readonly log: Logger;
  /** One turn; true when there may be more to do at once. */
  readonly step: (signal: AbortSignal) => Promise<unknown>;
}

/** What a declared loop needs to run; a lease needs the pool, and a setting its value. */
export type LoopOptions<Declaration extends LoopDeclaration> = LoopOptionsOfAll &
  (Declaration extends { readonly lease: string } ? { readonly pool: Pool } : unknown) &
  (Declaration extends { readonly every: number }
    ? { readonly everyMs?: number | undefined }
    : { readonly everyMs: number });

/** A loop that works in the background. */
export interface Loop {
  /** Takes its next turn now. */
  wake(): void;
  /** Aborts the signal, waits for the turn under way and gives the lease up. Safe to call twice. */
  stop(): Promise<void>;
}

/** After a failed turn, such as of a lost database, the rest grows to this. */
const restAfterFaultMaxMs = 10_000;

/** Takes turns until stopped; one that throws is logged and tried again after a rest. */
export function startLoop<const Declaration extends LoopDeclaration>(
  declaration: Declaration,
  options: LoopOptions<Declaration>,
): Loop {
  const { name, lease: work, every, first } = declaration;
  const {
    log,
    step,
    everyMs = every as number,
    pool,
  } = options as LoopOptionsOfAll & {
    readonly everyMs?: number;
    readonly pool?: Pool;
  };
  const lease = work === undefined ? undefined : makeLease({ pool: pool as Pool, work });
  const turns = followTurns(name);
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

  async function turn(): Promise<boolean> {
    if (lease !== undefined && !(await lease.isOurs())) return false;
    return (await step(stopped.signal)) === true;
  }

  async function run(): Promise<void> {
    let faults = 0;
    if (first === "after a rest") await rest(everyMs);
    while (!stopped.signal.aborted) {
      isAwake = false;
      try {
        const hasMore = await turn();
        faults = 0;
        turns.done();
        if (!hasMore) await rest(everyMs);
      } catch (error) {
        if (stopped.signal.aborted) break;
        faults += 1;
        turns.failed();
        log.error({ err: error, loop: name, faults }, "a turn of a background loop failed");
        await rest(Math.min(restAfterFaultMaxMs, everyMs * 2 ** faults));
      }
    }
    turns.ended();
    await lease?.close();
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
