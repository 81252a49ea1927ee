import { routes } from "./routes.ts";
import { whenIdle } from "./when-idle.ts";

/** Fetches the code of the other signed-in pages when nothing else is to do, so that a lost line loses no page. */
export function prefetchPages(): void {
  whenIdle(() => {
    for (const route of routes) if (route.access === "signedIn") void route.component.preload?.();
  });
}
