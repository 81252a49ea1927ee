import { openScope } from "@tillcast/core";
import type { HttpServer } from "@tillcast/core/http";
import { liveLimits } from "../config.ts";
import type { GatewayOptions } from "../deps.ts";
import type { OwnOrigins } from "../http/own-origin.ts";
import type { LiveControl } from "./live-control.ts";
import { makeNetPolicies } from "./net-policies.ts";
import { openSockets, type SocketCaps } from "./open-sockets.ts";
import { makeReadSnapshot } from "./read-snapshot.ts";
import { startRecheck } from "./recheck.ts";
import { startRelay } from "./relay.ts";
import { credentialRoom } from "./rooms.ts";
import { serveSocket } from "./serve-socket.ts";
import type { LiveNamespace } from "./socket-types.ts";
import { startSweep } from "./sweep.ts";

/** The live connection of one process. */
export interface Live extends LiveControl {
  /** Tells all clients when to come back, then closes. Safe to call twice. */
  stop(): Promise<void>;
}

/** Opens the namespace `/live`, starts relaying to it, and looks after its sockets. */
export async function startLive(
  options: Pick<
    GatewayOptions,
    "database" | "eventLog" | "clock" | "log" | "metrics" | "authenticate" | "access"
  > & { readonly http: HttpServer; readonly origins: OwnOrigins; readonly caps: SocketCaps },
): Promise<Live> {
  const { database, clock, log, metrics, authenticate } = options;
  const scope = openScope();
  let stopping: Promise<void> | undefined;
  const { io, live } = openSockets({
    http: options.http,
    authenticate,
    origins: options.origins,
    caps: options.caps,
    isClosed: () => stopping !== undefined,
  });
  scope.defer(() => {
    live.disconnectSockets(true);
    // Not `io.close()`: that would close the HTTP server, which is its owner's to close.
    io.engine.close();
  });
  scope.defer(() => drain(live));
  const policies = makeNetPolicies({ database, clock });
  const relay = await startRelay({
    live,
    eventLog: options.eventLog,
    policies,
    log,
    metrics,
    now: clock.now,
  });
  scope.defer(() => relay.stop());
  const sweep = startSweep(live, { metrics, log });
  scope.defer(() => sweep.stop());
  const recheck = startRecheck({ live, authenticate, log });
  scope.defer(() => recheck.stop());
  options.access?.onChange(() => recheck.now());
  const readSnapshot = makeReadSnapshot({ database, clock, newest: relay.newest });
  live.on("connection", (socket) =>
    serveSocket(socket, { database, authenticate, policies, readSnapshot, log }),
  );
  measureSockets(live, options);
  return {
    snapshot: readSnapshot,
    endSession: (sessionId) => live.in(credentialRoom(sessionId)).disconnectSockets(true),
    stop() {
      stopping ??= scope.close();
      return stopping;
    },
  };
}

/** Every client gets a moment of its own to come back, so that the next server is not stormed. */
async function drain(live: LiveNamespace): Promise<void> {
  if (live.sockets.size === 0) return;
  for (const socket of live.sockets.values()) {
    socket.emit("drain", { inMs: Math.round(Math.random() * liveLimits.drainSpreadMs) });
  }
  await new Promise((resolve) => setTimeout(resolve, liveLimits.drainFlushMs));
}

function measureSockets(live: LiveNamespace, { metrics }: Pick<GatewayOptions, "metrics">): void {
  metrics.gauge({
    name: "live_sockets",
    help: "Sockets connected to /live.",
    collect: (gauge) => gauge.set(live.sockets.size),
  });
  metrics.gauge({
    name: "live_rooms",
    help: "Rooms with at least one socket.",
    collect: (gauge) => gauge.set(live.adapter.rooms.size),
  });
}
