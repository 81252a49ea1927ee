import { appError } from "./errors.ts";

/** Runs work when its turn comes; refuses it when too much waits already. */
export type Turnstile = <Result>(work: () => Promise<Result>) => Promise<Result>;

const ofConnection = { what: "The queue of this connection", retryAfterSeconds: 1 };

/** Lets `atOnce` pieces of work run at the same time and `waitingMax` more wait, in order. */
export function makeTurnstile(
  atOnce: number,
  waitingMax: number,
  refusal: { readonly what: string; readonly retryAfterSeconds: number } = ofConnection,
): Turnstile {
  let running = 0;
  const waiting: (() => void)[] = [];
  return async (work) => {
    if (running >= atOnce) {
      if (waiting.length >= waitingMax) {
        throw appError("overloaded", refusal);
      }
      // Whoever finishes hands its place over, so nobody overtakes.
      await new Promise<void>((resolve) => waiting.push(resolve));
    } else {
      running += 1;
    }
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next === undefined) running -= 1;
      else next();
    }
  };
}
