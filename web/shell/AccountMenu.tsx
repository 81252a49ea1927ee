import { useNavigate } from "@solidjs/router";
import { createSignal, For, type JSX } from "solid-js";
import { text } from "../i18n/text.ts";
import { shortcuts } from "../session/preferences.ts";
import { me, signOut } from "../session/session.ts";
import { setTheme, type Theme, theme } from "../session/theme.ts";

const themes: readonly Theme[] = ["auto", "light", "dark"];

/** Who is signed in, the colours, the shortcuts, and the way out. */
export function AccountMenu(): JSX.Element {
  const navigate = useNavigate();
  const [hasShortcuts, setHasShortcuts] = createSignal(shortcuts.isOn());
  let menu: HTMLDetailsElement | undefined;

  async function leave(): Promise<void> {
    await signOut();
    navigate("/sign-in");
  }

  function closeOnEscape(event: KeyboardEvent): void {
    if (event.key !== "Escape" || menu === undefined) return;
    menu.open = false;
    menu.querySelector("summary")?.focus();
  }

  function closeOnLeave(event: FocusEvent): void {
    const isInside = event.relatedTarget instanceof Node && menu?.contains(event.relatedTarget);
    if (menu !== undefined && !isInside && event.relatedTarget !== null) menu.open = false;
  }

  return (
    <details class="menu" ref={menu} onKeyDown={closeOnEscape} onFocusOut={closeOnLeave}>
      <summary class="menu-button">
        <span class="visually-hidden">{text("app.account")}</span>
        <span class="avatar" aria-hidden="true">
          {(me()?.email ?? "?").slice(0, 1).toUpperCase()}
        </span>
      </summary>
      <div class="menu-panel">
        <p class="menu-who">
          <strong>{me()?.tenantName}</strong>
          <span class="muted">{me()?.email}</span>
        </p>
        <fieldset class="menu-group">
          <legend>{text("app.theme")}</legend>
          <div class="segments">
            <For each={themes}>
              {(choice) => (
                <label class="segment">
                  <input
                    type="radio"
                    name="theme"
                    checked={theme() === choice}
                    onChange={() => setTheme(choice)}
                  />
                  <span>{text(`app.theme.${choice}`)}</span>
                </label>
              )}
            </For>
          </div>
        </fieldset>
        <label class="menu-check">
          <input
            type="checkbox"
            checked={hasShortcuts()}
            onChange={(event) => {
              shortcuts.save(event.currentTarget.checked);
              setHasShortcuts(event.currentTarget.checked);
            }}
          />
          <span>
            {text("app.shortcuts")}
            <small class="muted">{text("app.shortcutsHint")}</small>
          </span>
        </label>
        <button class="menu-item" type="button" onClick={() => void leave()}>
          {text("app.signOut")}
        </button>
      </div>
    </details>
  );
}
