/** What this browser remembers; a browser that refuses storage forgets, and nothing breaks. */

const LAST_STORE = "tillcast:last-store";
const SHORTCUTS = "tillcast:shortcuts";

/** The store that was looked at last, where the next visit begins. */
export const lastStore = {
  read: (): string | null => read(LAST_STORE),
  save: (storeId: string): void => save(LAST_STORE, storeId),
};

/** Whether single letters work as shortcuts; speech input can trigger them unasked (WCAG 2.1.4). */
export const shortcuts = {
  isOn: (): boolean => read(SHORTCUTS) !== "off",
  save: (isOn: boolean): void => save(SHORTCUTS, isOn ? "on" : "off"),
};

function read(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

function save(key: string, value: string): void {
  try {
    localStorage.setItem(key, value);
  } catch {
    // Private windows may refuse; the preference then lasts as long as the page.
  }
}
