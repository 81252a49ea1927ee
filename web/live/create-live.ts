import { createSignal, onCleanup } from "solid-js";
import type { ConnectionState } from "./connection.ts";
import { type LiveClient, makeLiveClient } from "./live-client.ts";
import { openLiveSocket } from "./live-socket.ts";

let shared: { readonly client: LiveClient; users: number } | undefined;

/** The page's one live client; the socket closes when the last component that uses it is gone. */
export function useLiveClient(): LiveClient {
  shared ??= { client: makeLiveClient(openLiveSocket()), users: 0 };
  const held = shared;
  held.users += 1;
  onCleanup(() => {
    held.users -= 1;
    // Later, since the next page may take it over within the same navigation.
    setTimeout(() => {
      if (held.users > 0 || shared !== held) return;
      held.client.close();
      shared = undefined;
    }, 0);
  });
  return held.client;
}

/** The connection's state as a signal. */
export function createConnection(client: LiveClient): () => ConnectionState {
  const [state, setState] = createSignal(client.state());
  onCleanup(client.onState(setState));
  return state;
}
