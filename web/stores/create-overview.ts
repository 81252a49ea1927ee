import type { Overview } from "@tillcast/schemas/browser";
import { createEffect, on, onCleanup } from "solid-js";
import { api } from "../api/api.ts";
import type { Cut } from "../live/heard.ts";
import type { LiveClient, Watch } from "../live/live-client.ts";
import { createQuery, type Query } from "../shell/create-query.ts";
import { createAnswerCut } from "./create-answer-cut.ts";

/** Changes are gathered this long before the list is read again, however many stores sell at once. */
const GATHER_MS = 2_000;

/** Expectations move with the clock, also when nothing is sold. */
const REFRESH_MS = 30_000;

/** The list, and why it is no longer that of this moment; null while it is. */
export interface LiveOverview extends Query<Overview> {
  readonly cut: () => Cut | null;
}

/** The list of stores, read again when one of them changes: the socket says when, the list says what. */
export function createOverview(client: LiveClient): LiveOverview {
  const overview = createQuery(api.overview);
  const cut = createAnswerCut(client, overview.data);
  const watches = new Map<string, Watch>();
  let gathering: ReturnType<typeof setTimeout> | undefined;

  function refreshSoon(): void {
    gathering ??= setTimeout(() => {
      gathering = undefined;
      if (!document.hidden) void overview.reload();
    }, GATHER_MS);
  }

  createEffect(
    on(overview.data, (data) => {
      for (const { storeId } of data?.stores ?? []) {
        if (watches.has(storeId)) continue;
        const changed = {
          onWindows: refreshSoon,
          onForecast: refreshSoon,
          onFeed: refreshSoon,
          onStanding: refreshSoon,
        };
        watches.set(storeId, client.watch({ storeId, ...changed }));
      }
    }),
  );
  // A list that could not be read comes by itself when the line is back.
  onCleanup(client.onState((state) => state === "live" && refreshSoon()));
  const timer = setInterval(refreshSoon, REFRESH_MS);
  document.addEventListener("visibilitychange", refreshSoon);
  onCleanup(() => {
    clearInterval(timer);
    clearTimeout(gathering);
    document.removeEventListener("visibilitychange", refreshSoon);
    for (const watch of watches.values()) watch.stop();
  });
  return { ...overview, cut };
}
