// Runs before the first paint, so that a chosen theme does not flash; without a choice the device's
// own preference holds (`color-scheme` in tokens.css).
(() => {
  try {
    const chosen = localStorage.getItem("tillcast:theme");
    if (chosen === "light" || chosen === "dark") document.documentElement.dataset.theme = chosen;
  } catch {
    // Storage is refused: the device's preference holds.
  }
})();
