/** After this long without idle time it is done all the same. */
const IDLE_MS_MAX = 10_000;

/** Runs something once the page has nothing else to do. */
export function whenIdle(run: () => void): void {
  if ("requestIdleCallback" in globalThis) requestIdleCallback(run, { timeout: IDLE_MS_MAX });
  else setTimeout(run, IDLE_MS_MAX / 4);
}
