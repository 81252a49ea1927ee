import { type Authenticate, allows, type Credentials, type Principal } from "@tillcast/accounts";
import { appError, findAppError } from "@tillcast/core";
import { asDatabaseUnavailable } from "@tillcast/core/database";
import type { HttpServer } from "@tillcast/core/http";
import { Server, type Socket } from "socket.io";
import { liveLimits } from "../config.ts";
import { isKnownHost } from "../http/known-host.ts";
import { isOwnOrigin, type OwnOrigins } from "../http/own-origin.ts";
import { seesInstallation } from "../queries/jobs.ts";
import { credentialRoom, installationRoom, tenantRoom } from "./rooms.ts";
import type { LiveNamespace, LiveServer, SocketData } from "./socket-types.ts";

/** How many sockets one may have open in this process. */
export interface SocketCaps {
  readonly perCredential: number;
  readonly perTenant: number;
}

export interface OpenSocketsOptions {
  readonly http: HttpServer;
  readonly authenticate: Authenticate;
  readonly origins: OwnOrigins;
  /** Most sockets of one session or key, and of one tenant. */
  readonly caps: SocketCaps;
  /** True while no further socket is taken. */
  readonly isClosed: () => boolean;
}

/**
 * Opens the namespace `/live` on the HTTP server: websocket only (long polling would need sticky
 * balancing), no deflate (2.7 times the processor time, 8 times the memory), no recovery (the protocol
 * has its own), and only from our own pages, for people and keys that may read sales.
 */
export function openSockets(options: OpenSocketsOptions): {
  readonly io: LiveServer;
  readonly live: LiveNamespace;
} {
  const io: LiveServer = new Server(options.http.server, {
    transports: ["websocket"],
    allowUpgrades: false,
    perMessageDeflate: false,
    serveClient: false,
    maxHttpBufferSize: liveLimits.messageMaxBytes,
    allowRequest: (request, answer) => {
      const { origin, host } = request.headers;
      // Programs send no origin; pages cannot leave it out.
      const isOwn =
        origin === undefined ||
        (isKnownHost(host ?? "", options.origins) &&
          isOwnOrigin({ origin, host }, options.origins));
      const isFull = io.engine.clientsCount >= liveLimits.socketsMax;
      answer(null, isOwn && !isFull && !options.isClosed());
    },
  });
  io.use((_, next) => next(new Error("not found: connect to /live")));
  const live: LiveNamespace = io.of("/live");
  live.use((socket, next) => {
    admit(socket, options.authenticate).then(
      (data) => {
        assertRoom(live, data, options.caps);
        Object.assign(socket.data, data);
        next();
      },
      (error: unknown) => next(refusalOf(error)),
    );
  });
  live.on("connection", (socket) => {
    const { principal, credentialId } = socket.data;
    // Handshakes that were let in at the same moment did not see one another.
    if (isFull(live, socket.data, options.caps)) {
      socket.disconnect(true);
      return;
    }
    const rooms = [tenantRoom(principal.tenantId), credentialRoom(credentialId)];
    void socket.join(seesInstallation(principal) ? [...rooms, installationRoom] : rooms);
  });
  return { io, live };
}

function isFull(
  live: LiveNamespace,
  { principal, credentialId }: Pick<SocketData, "principal" | "credentialId">,
  caps: SocketCaps,
): boolean {
  const sizeOf = (room: string) => live.adapter.rooms.get(room)?.size ?? 0;
  return (
    sizeOf(credentialRoom(credentialId)) >= caps.perCredential ||
    sizeOf(tenantRoom(principal.tenantId)) >= caps.perTenant
  );
}

function assertRoom(
  live: LiveNamespace,
  data: Pick<SocketData, "principal" | "credentialId">,
  caps: SocketCaps,
): void {
  if (!isFull(live, data, caps)) return;
  const limit = `${caps.perCredential} live sockets of one key or session, ${caps.perTenant} of one tenant`;
  throw appError("tooManyRequests", { limit, retryAfterSeconds });
}

/** When a socket that was too many may try again; somebody closes a tab within minutes. */
const retryAfterSeconds = 30;

/** The code comes first, so that a client can tell "sign in again" from "try again later". */
function refusalOf(error: unknown): Error {
  const known = findAppError(error) ?? asDatabaseUnavailable(error) ?? appError("internal");
  return Object.assign(new Error(`${known.code}: ${known.message}`), {
    data: { code: known.code },
  });
}

async function admit(socket: Pick<Socket, "handshake">, authenticate: Authenticate) {
  const credentials = credentialsOf(socket);
  const principal = await authenticate({ ...credentials, ip: socket.handshake.address });
  if (principal === undefined) {
    throw appError("unauthenticated", { reason: "there is no valid session and no valid key" });
  }
  if (!allows(principal, "sales:read")) {
    throw appError("forbidden", { reason: "sales:read is missing" });
  }
  return { principal, credentials, credentialId: credentialIdOf(principal) };
}

/** A key in the handshake's `auth.token`, else the cookie; never the address, which ends up in logs. */
function credentialsOf({ handshake }: Pick<Socket, "handshake">): Credentials {
  const token: unknown = handshake.auth.token;
  if (typeof token === "string") return { headers: { authorization: `Bearer ${token}` } };
  const { authorization, cookie } = handshake.headers;
  return { headers: authorization === undefined ? { cookie } : { authorization } };
}

/** The session or key behind a principal. */
export function credentialIdOf(principal: Principal): string {
  return principal.sessionId ?? principal.keyId ?? "";
}
