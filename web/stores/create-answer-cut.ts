import { createEffect, createSignal, on, onCleanup } from "solid-js";
import { createDeviceOnline } from "../live/create-device-online.ts";
import { createConnection } from "../live/create-live.ts";
import { type Cut, cutOf } from "../live/heard.ts";
import type { LiveClient } from "../live/live-client.ts";

/** An answer older than this has missed its refresh, which is due twice a minute. */
const OLD_MS = 60_000;

/** While the line is cut an answer counts as old once it is this old. */
const GRACE_MS = 5_000;

const LOOK_MS = 2_500;

/** Why the server's last answer is no longer that of this moment; null while it is. */
export function createAnswerCut(client: LiveClient, answer: () => unknown): () => Cut | null {
  const connection = createConnection(client);
  const isDeviceOnline = createDeviceOnline();
  const [now, setNow] = createSignal(Date.now());
  const [receivedAt, setReceivedAt] = createSignal(Date.now());
  const look = () => setNow(Date.now());
  createEffect(
    on(answer, () => {
      setReceivedAt(Date.now());
      look();
    }),
  );
  const looking = setInterval(look, LOOK_MS);
  onCleanup(() => clearInterval(looking));
  return () => {
    const line = { state: connection(), isDeviceOnline: isDeviceOnline() };
    const ageMs = now() - receivedAt();
    const isLost = line.state === "offline" || line.state === "refused" || !line.isDeviceOnline;
    return ageMs > OLD_MS || (isLost && ageMs > GRACE_MS) ? cutOf(line) : null;
  };
}
