import { routes } from "./routes.ts";

/** After this long without idle time the code is fetched all the same. */
const IDLE_MS_MAX = 10_000;

/** Fetches the code of the other signed-in pages when nothing else is to do, so that a lost line loses no page. */
export function prefetchPages(): void {
  const fetchAll = () => {
    for (const route of routes) if (route.access === "signedIn") void route.component.preload?.();
  };
  if ("requestIdleCallback" in globalThis) requestIdleCallback(fetchAll, { timeout: IDLE_MS_MAX });
  else setTimeout(fetchAll, IDLE_MS_MAX / 4);
}
