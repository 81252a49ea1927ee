import { useLocation, useNavigate } from "@solidjs/router";
import { createSignal, type JSX, lazy, onCleanup, Show, Suspense } from "solid-js";
import { api } from "../api/api.ts";
import { shortcuts } from "../session/preferences.ts";
import { createShortcuts } from "./create-shortcuts.ts";
import { loadCode } from "./lost-code.ts";

const Palette = lazy(async () => {
  const { StorePalette } = await loadCode(() => import("./StorePalette.tsx"));
  return { default: StorePalette };
});

/** The keys that work on every page: `/` or Ctrl-K finds a store, J and K step through them, `?` helps, F fills the screen. */
export function StoreSwitcher(): JSX.Element {
  const [shown, setShown] = createSignal<"stores" | "keys">();
  const location = useLocation();
  const navigate = useNavigate();

  async function step(by: 1 | -1): Promise<void> {
    const { stores } = await api.overview();
    const ids = stores
      .toSorted((a, b) => a.name.localeCompare(b.name))
      .map(({ storeId }) => storeId);
    const here = /^\/stores\/([^/]+)/.exec(location.pathname)?.[1];
    const at = here === undefined ? -1 : ids.indexOf(here);
    const next = ids[at === -1 ? 0 : (at + by + ids.length) % ids.length];
    if (next !== undefined) navigate(`/stores/${next}${location.search}`);
  }

  function fillScreen(): void {
    const change =
      document.fullscreenElement === null
        ? document.documentElement.requestFullscreen()
        : document.exitFullscreen();
    // A browser may refuse; then the page stays as it is.
    change.catch(() => undefined);
  }

  createShortcuts({
    "/": () => setShown("stores"),
    "?": () => setShown("keys"),
    j: () => void step(1).catch(() => undefined),
    k: () => void step(-1).catch(() => undefined),
    f: fillScreen,
  });

  function findByControl(event: KeyboardEvent): void {
    const isWanted = (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k";
    if (!isWanted || !shortcuts.isOn()) return;
    event.preventDefault();
    setShown("stores");
  }
  window.addEventListener("keydown", findByControl);
  onCleanup(() => window.removeEventListener("keydown", findByControl));

  return (
    <Suspense>
      <Show when={shown()} keyed>
        {(what) => <Palette what={what} onClose={() => setShown(undefined)} />}
      </Show>
    </Suspense>
  );
}
