import { type Authenticate, allows, type Principal } from "@tillcast/accounts";
import { findAppError, type Logger } from "@tillcast/core";
import { declareLoop, startLoop } from "@tillcast/core/work";
import { liveLimits } from "../config.ts";
import { seesInstallation } from "../queries/jobs.ts";
import { installationRoom, storeOfRoom } from "./rooms.ts";
import type { LiveNamespace, LiveSocket } from "./socket-types.ts";

const recheckLoop = declareLoop({
  name: "sockets looked up",
  does: "looks up again who every socket belongs to, and closes those whose session or key ended",
  every: liveLimits.recheckMs,
  first: "after a rest",
  stops: "after the look-ups under way",
});

/**
 * Looks up again, on a timer and when told, who every socket belongs to: a socket would outlive its session or key.
 * Sockets of one session are looked up once. While the database is away sockets stay as they are.
 */
export function startRecheck(options: {
  readonly live: Pick<LiveNamespace, "sockets">;
  readonly authenticate: Authenticate;
  readonly log: Logger;
}): { now(): void; stop(): Promise<void> } {
  const { live, authenticate, log } = options;
  let isStopped = false;

  async function recheckAll(): Promise<void> {
    const groups = [...groupByCredential(live.sockets.values()).values()];
    const lanes = Array.from({ length: liveLimits.recheckAtOnce }, async () => {
      for (let group = groups.pop(); group && !isStopped; group = groups.pop()) {
        await recheck(group);
      }
    });
    await Promise.all(lanes);
  }

  async function recheck(sockets: readonly LiveSocket[]): Promise<void> {
    const [first] = sockets;
    if (first === undefined) return;
    try {
      const principal = await authenticate(first.data.credentials);
      for (const socket of sockets) applyPrincipal(socket, principal);
    } catch (error) {
      const isRefused = findAppError(error)?.code === "forbidden";
      if (isRefused) for (const socket of sockets) applyPrincipal(socket, undefined);
      else log.warn({ err: error }, "socket not checked; trying again");
    }
  }

  const loop = startLoop(recheckLoop, { log, step: recheckAll });
  return {
    now: () => loop.wake(),
    async stop() {
      isStopped = true;
      await loop.stop();
    },
  };
}

/**
 * Gives a socket its principal as it is now: closes it, takes it out of stores that it lost, and into or out of
 * the installation's room.
 */
export function applyPrincipal(socket: LiveSocket, principal: Principal | undefined): void {
  if (principal === undefined || !allows(principal, "sales:read")) {
    socket.disconnect(true);
    return;
  }
  socket.data.principal = principal;
  for (const room of socket.rooms) {
    const storeId = storeOfRoom(room);
    const isLost = storeId !== undefined && principal.storeIds?.includes(storeId) === false;
    if (isLost) void socket.leave(room);
  }
  if (seesInstallation(principal)) void socket.join(installationRoom);
  else void socket.leave(installationRoom);
}

function groupByCredential(sockets: Iterable<LiveSocket>): Map<string, LiveSocket[]> {
  const groups = new Map<string, LiveSocket[]>();
  for (const socket of sockets) {
    const group = groups.get(socket.data.credentialId) ?? [];
    group.push(socket);
    groups.set(socket.data.credentialId, group);
  }
  return groups;
}
