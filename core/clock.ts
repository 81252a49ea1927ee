/** The source of time for all parts of Tillcast. Tests use a clock that they set. */
export interface Clock {
  /** The present instant in UTC milliseconds. */
  now(): number;
}

/** The machine's clock. */
export const systemClock: Clock = { now: () => Date.now() };

/** A clock that moves only when it is set, for tests and for the simulator's history. */
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
