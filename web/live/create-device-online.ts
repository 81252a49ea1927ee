import { createSignal, onCleanup } from "solid-js";

/** Whether the device says that it has a network; false is sure, true is only a hint. */
export function createDeviceOnline(): () => boolean {
  const [isOnline, setOnline] = createSignal(navigator.onLine);
  const changed = () => setOnline(navigator.onLine);
  window.addEventListener("online", changed);
  window.addEventListener("offline", changed);
  onCleanup(() => {
    window.removeEventListener("online", changed);
    window.removeEventListener("offline", changed);
  });
  return isOnline;
}
