import { appError } from "./errors.ts";

/** Runs work while fewer than the limit run; the others wait in order. */
export type Limiter = <Result>(work: () => Promise<Result>) => Promise<Result>;

/** Limits of a limiter. */
export interface LimiterOptions {
  /** Most pieces of work at the same time. */
  readonly atOnce: number;
  /** Most pieces of work that wait; more are refused as `overloaded`. Unbounded by default. */
  readonly waitingMax?: number;
  /** Longest wait, in milliseconds; then the work is refused as `overloaded`. Unbounded by default. */
  readonly waitMaxMs?: number;
  /** What is full, for the error, such as "The queue of this connection". */
  readonly what?: string;
}

/** Makes a limiter. */
export function makeLimiter(options: LimiterOptions): Limiter {
  const { atOnce, waitingMax = Number.POSITIVE_INFINITY, waitMaxMs, what = "The queue" } = options;
  /** Each starts the work that waits; they are in the order of arrival. */
  const waiting = new Set<() => void>();
  let running = 0;
  const full = () => appError("overloaded", { what, retryAfterSeconds: 1 });

  const takeOver = () =>
    new Promise<void>((resolve, reject) => {
      const start = () => {
        clearTimeout(timer);
        waiting.delete(start);
        resolve();
      };
      const giveUp = () => {
        waiting.delete(start);
        reject(full());
      };
      const timer = waitMaxMs === undefined ? undefined : setTimeout(giveUp, waitMaxMs);
      waiting.add(start);
    });

  return async (work) => {
    if (running < atOnce) {
      running += 1;
    } else {
      if (waiting.size >= waitingMax) throw full();
      await takeOver();
    }
    try {
      return await work();
    } finally {
      // The first waiting work takes over, so that no later one overtakes it.
      const [next] = waiting;
      if (next === undefined) running -= 1;
      else next();
    }
  };
}
