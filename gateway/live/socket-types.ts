import type { Credentials, Principal } from "@tillcast/accounts";
import type { ClientToServer, ServerToClient } from "@tillcast/schemas";
import type { DefaultEventsMap, Namespace, Server, Socket } from "socket.io";

/** What a socket remembers of who opened it. */
export interface SocketData {
  principal: Principal;
  /** Shown again whenever the principal is looked up anew. */
  credentials: Credentials;
  /** Session or key; equal for all sockets of one. */
  credentialId: string;
}

export type LiveServer = Server<ClientToServer, ServerToClient, DefaultEventsMap, SocketData>;
export type LiveNamespace = Namespace<ClientToServer, ServerToClient, DefaultEventsMap, SocketData>;
export type LiveSocket = Socket<ClientToServer, ServerToClient, DefaultEventsMap, SocketData>;
