import type { ClientToServer, ServerToClient } from "@tillcast/schemas/browser";
import { io, type Socket } from "socket.io-client";

export type LiveSocket = Socket<ServerToClient, ClientToServer>;

/** Opens the one socket of the page. Websocket only: long polling would need sticky balancing. */
export function openLiveSocket(): LiveSocket {
  return io("/live", {
    transports: ["websocket"],
    reconnectionDelay: 500,
    reconnectionDelayMax: 8_000,
    randomizationFactor: 0.5,
  });
}
