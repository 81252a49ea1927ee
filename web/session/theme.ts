import { createSignal } from "solid-js";

/** `auto` follows the device. */
export type Theme = "auto" | "light" | "dark";

/** The key that `public/theme.js` reads before the first paint. */
const THEME = "tillcast:theme";

const chosen = document.documentElement.dataset.theme;
const [theme, setSignal] = createSignal<Theme>(isTheme(chosen) ? chosen : "auto");

/** The chosen theme. */
export { theme };

/** Chooses a theme and remembers it. */
export function setTheme(next: Theme): void {
  if (next === "auto") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = next;
  try {
    if (next === "auto") localStorage.removeItem(THEME);
    else localStorage.setItem(THEME, next);
  } catch {
    // Storage is refused: the choice lasts as long as the page.
  }
  setSignal(next);
}

/** Calls back whenever the colours on the screen change; returns how to stop listening. */
export function onColorsChanged(listener: () => void): () => void {
  const device = matchMedia("(prefers-color-scheme: dark)");
  const observer = new MutationObserver(listener);
  observer.observe(document.documentElement, { attributeFilter: ["data-theme"] });
  device.addEventListener("change", listener);
  return () => {
    observer.disconnect();
    device.removeEventListener("change", listener);
  };
}

function isTheme(value: string | undefined): value is Theme {
  return value === "light" || value === "dark";
}
