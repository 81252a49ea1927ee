/** Pauses between retries, which an abort signal ends early. */

/** Limits of the pause before a retry. */
export interface PauseLimits {
  readonly retryPauseMinMs: number;
  readonly retryPauseMaxMs: number;
}

/** The pause doubles with each attempt (0, 1, 2, ...) up to the limit. It is random, so that processes do not retry in step. */
export function retryPauseMs(
  attempt: number,
  limits: PauseLimits,
  random: () => number = Math.random,
): number {
  // 2 ** 30 is above any limit, and keeps the power finite after days of retries.
  const ceilingMs = Math.min(
    limits.retryPauseMaxMs,
    limits.retryPauseMinMs * 2 ** Math.min(attempt, 30),
  );
  return ceilingMs * (0.5 + random() / 2);
}

/** Waits `durationMs`, or until the signal aborts. Never rejects. */
export function pause(durationMs: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const finish = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", finish);
      resolve();
    };
    const timer = setTimeout(finish, durationMs);
    signal.addEventListener("abort", finish, { once: true });
  });
}
