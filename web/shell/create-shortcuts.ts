import { onCleanup } from "solid-js";
import { shortcuts } from "../session/preferences.ts";

/**
 * Single letters without modifiers, since those with modifiers belong to browser and screen reader. They
 * rest while a person types, while a dialog is open, and for whoever switched them off.
 */
export function createShortcuts(actions: Readonly<Record<string, () => void>>): void {
  function press(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey || !shortcuts.isOn()) return;
    const target = event.target instanceof Element ? event.target : null;
    if (target?.closest("input, select, textarea, dialog, [contenteditable]")) return;
    const action = actions[event.key.toLowerCase()];
    if (action === undefined) return;
    event.preventDefault();
    action();
  }
  window.addEventListener("keydown", press);
  onCleanup(() => window.removeEventListener("keydown", press));
}
