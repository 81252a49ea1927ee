import type { Authenticate } from "@tillcast/accounts";
import { findAppError, type Logger, makeLimiter } from "@tillcast/core";
import type { Database } from "@tillcast/core/database";
import { LiveJoin, type LiveJoined, LiveSnapshotRequest } from "@tillcast/schemas";
import { liveLimits } from "../config.ts";
import { readAs } from "../queries/as-principal.ts";
import { loadVisibleStores } from "../queries/stores.ts";
import type { NetPolicies } from "./net-policies.ts";
import type { ReadSnapshot } from "./read-snapshot.ts";
import { applyPrincipal } from "./recheck.ts";
import { storeOfRoom, storeRoom } from "./rooms.ts";
import type { LiveSocket } from "./socket-types.ts";

export interface ServeSocketDeps {
  readonly database: Pick<Database, "read" | "share">;
  readonly authenticate: Authenticate;
  readonly policies: NetPolicies;
  readonly readSnapshot: ReadSnapshot;
  readonly log: Logger;
}

/** Answers what one client asks: to follow stores, to follow them no more, and for snapshots. */
export function serveSocket(socket: LiveSocket, deps: ServeSocketDeps): void {
  const what = "The queue of this connection";
  const limitSnapshots = makeLimiter({
    atOnce: liveLimits.snapshotsAtOnce,
    waitingMax: liveLimits.snapshotsWaitingMax,
    what,
  });
  const limitJoins = makeLimiter({ atOnce: 1, waitingMax: liveLimits.joinsWaitingMax, what });

  let isFloodTold = false;

  socket.on("join", (request, answer) => {
    const stores = LiveJoin.safeParse(request).data?.stores;
    if (stores === undefined || typeof answer !== "function") return;
    limitJoins(() => joinStores(socket, stores, deps)).then(answer, (error: unknown) => {
      // No answer: the client tries again, which is right when the database is away. A client that asks
      // faster than it is answered is refused by name, and one line tells of all its refusals.
      const code = findAppError(error)?.code;
      if (code !== "overloaded") deps.log.warn({ err: error }, "stores not joined");
      else if (!isFloodTold)
        deps.log.warn({ code }, "a socket asks to join faster than it is answered");
      isFloodTold ||= code === "overloaded";
    });
  });

  socket.on("leave", (request) => {
    const stores = LiveJoin.safeParse(request).data?.stores ?? [];
    for (const storeId of stores) void socket.leave(storeRoom(storeId));
  });

  socket.on("snapshot", (request, answer) => {
    const asked = LiveSnapshotRequest.safeParse(request).data;
    if (asked === undefined || typeof answer !== "function") return;
    const { storeId, date } = asked;
    limitSnapshots(() => deps.readSnapshot(socket.data.principal, storeId, date)).then(
      answer,
      (error: unknown) => {
        const known = findAppError(error);
        if (known === undefined) deps.log.warn({ err: error, storeId }, "snapshot not read");
        answer({
          error: known?.message ?? "The snapshot cannot be read at present.",
          code: known?.code ?? "internal",
        });
      },
    );
  });
}

/** Looks up who asks, and joins the rooms of those stores that they may see; the server names the rooms. */
async function joinStores(
  socket: LiveSocket,
  stores: readonly string[],
  deps: ServeSocketDeps,
): Promise<LiveJoined> {
  const principal = await deps.authenticate(socket.data.credentials);
  applyPrincipal(socket, principal);
  if (principal === undefined) return { ok: [], denied: [...stores] };
  const visible = await readAs(deps.database, principal, (tx) => loadVisibleStores(tx, principal));
  const allowed = new Set(visible.map((store) => store.storeId));
  await deps.policies.load(principal.tenantId);
  const joined: LiveJoined = { ok: [], denied: [] };
  let followed = [...socket.rooms].filter((room) => storeOfRoom(room) !== undefined).length;
  for (const storeId of new Set(stores)) {
    if (!allowed.has(storeId) || followed >= liveLimits.storesMax || !socket.connected) {
      joined.denied.push(storeId);
      continue;
    }
    await socket.join(storeRoom(storeId));
    followed += 1;
    joined.ok.push(storeId);
  }
  return joined;
}
