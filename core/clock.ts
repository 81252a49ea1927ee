/** Where every part of Tillcast gets the time from, so that tests can turn the hands. */
export interface Clock {
  /** The present instant in UTC milliseconds. */
  now(): number;
}

/** The machine's own clock. */
export const systemClock: Clock = { now: () => Date.now() };

/** A clock that stands still until it is moved; for tests and for the simulator's history. */
export interface ManualClock extends Clock {
  /** Moves the clock forward by `durationMs`. */
  advance(durationMs: number): void;
  /** Sets the clock to an instant in UTC milliseconds. */
  set(instantMs: number): void;
}

/** Makes a manual clock that shows `startMs` (UTC milliseconds). */
export function makeManualClock(startMs: number): ManualClock {
  let nowMs = startMs;
  return {
    now: () => nowMs,
    advance: (durationMs) => {
      nowMs += durationMs;
    },
    set: (instantMs) => {
      nowMs = instantMs;
    },
  };
}
