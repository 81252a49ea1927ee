import { appError } from "./errors.ts";

/** Runs work while fewer than the limit run; the others wait in order. */
export type Limiter = <Result>(work: () => Promise<Result>) => Promise<Result>;

/** Limits of a limiter. */
export interface LimiterOptions {
  /** Most pieces of work at the same time. */
  readonly atOnce: number;
  /** Most pieces of work that wait; more are refused as `overloaded`. Unbounded by default. */
  readonly waitingMax?: number;
  /** What is full, for the error, such as "The queue of this connection". */
  readonly what?: string;
}

/** Makes a limiter. */
export function makeLimiter(options: LimiterOptions): Limiter {
  const { atOnce, waitingMax = Number.POSITIVE_INFINITY, what = "The queue" } = options;
  const waiting: (() => void)[] = [];
  let running = 0;
  return async (work) => {
    if (running < atOnce) {
      running += 1;
    } else {
      if (waiting.length >= waitingMax)
        throw appError("overloaded", { what, retryAfterSeconds: 1 });
      await new Promise<void>((resolve) => waiting.push(resolve));
    }
    try {
      return await work();
    } finally {
      // The first waiting work takes over, so that no later one overtakes it.
      const next = waiting.shift();
      if (next === undefined) running -= 1;
      else next();
    }
  };
}
