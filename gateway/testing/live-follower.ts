import type {
  ClientToServer,
  LiveSnapshot,
  LiveWindow,
  LiveWindows,
  ServerToClient,
} from "@tillcast/schemas";
import { io, type Socket } from "socket.io-client";

/** Follows stores as the protocol says, and counts what happened on the way. */
export interface LiveFollower {
  /** Net of the followed day as the follower has it, by currency; undefined until it has a snapshot. */
  netOf(storeId: string): Readonly<Record<string, string>> | undefined;
  /** The version that the follower has. */
  seqOf(storeId: string): number;
  readonly counts: { updates: number; gaps: number; snapshots: number; connections: number };
  close(): void;
}

interface Followed {
  epoch: number;
  seq: number;
  businessDate: string;
  readonly windows: Map<string, LiveWindow>;
}

const answerMaxMs = 5_000;
const retryMs = 200;

/** Follows stores over the live connection of the product at `url`. */
export function followLive(url: string, token: string, storeIds: readonly string[]): LiveFollower {
  const followed = new Map<string, Followed>();
  const asking = new Set<string>();
  const counts = { updates: 0, gaps: 0, snapshots: 0, connections: 0 };
  const socket: Socket<ServerToClient, ClientToServer> = io(`${url}/live`, {
    transports: ["websocket"],
    forceNew: true,
    reconnectionDelay: retryMs,
    auth: { token },
  });
  let isClosed = false;

  socket.on("connect", () => {
    counts.connections += 1;
    void join();
  });
  socket.on("windows", (update) => {
    counts.updates += 1;
    if (take(update) === "gap") {
      counts.gaps += 1;
      void askFor(update.storeId);
    }
  });
  const again = setInterval(() => {
    if (!socket.connected && !socket.active) socket.connect();
  }, retryMs);

  async function join(): Promise<void> {
    try {
      await socket.timeout(answerMaxMs).emitWithAck("join", { stores: [...storeIds] });
      await Promise.all(storeIds.map(askFor));
    } catch {
      if (!isClosed && socket.connected) setTimeout(() => void join(), retryMs);
    }
  }

  async function askFor(storeId: string): Promise<void> {
    if (asking.has(storeId)) return;
    asking.add(storeId);
    try {
      const reply = await socket.timeout(answerMaxMs).emitWithAck("snapshot", { storeId });
      if (!("error" in reply)) startFrom(reply);
      else if (!isClosed) setTimeout(() => void askFor(storeId), retryMs);
    } catch {
      if (!isClosed && socket.connected) setTimeout(() => void askFor(storeId), retryMs);
    } finally {
      asking.delete(storeId);
    }
  }

  function startFrom({ storeId, cursor, businessDate, windows }: LiveSnapshot): void {
    counts.snapshots += 1;
    const byKey = new Map(windows.map((window) => [keyOf(window), window]));
    followed.set(storeId, { ...cursor, seq: cursor.windows, businessDate, windows: byKey });
  }

  function take(update: LiveWindows): "applied" | "old" | "gap" {
    const state = followed.get(update.storeId);
    if (state === undefined || update.epoch > state.epoch) return "gap";
    if (update.epoch < state.epoch || update.seq <= state.seq) return "old";
    if (update.prevSeq > state.seq || update.daysChanged.includes(state.businessDate)) return "gap";
    for (const window of update.windows) {
      if (window.businessDate === state.businessDate) state.windows.set(keyOf(window), window);
    }
    state.seq = update.seq;
    return "applied";
  }

  return {
    netOf(storeId) {
      const state = followed.get(storeId);
      if (state === undefined) return undefined;
      const nets: Record<string, bigint> = {};
      for (const { currency, net } of state.windows.values()) {
        nets[currency] = (nets[currency] ?? 0n) + BigInt(net);
      }
      return Object.fromEntries(Object.entries(nets).map(([key, net]) => [key, String(net)]));
    },
    seqOf: (storeId) => followed.get(storeId)?.seq ?? -1,
    counts,
    close() {
      isClosed = true;
      clearInterval(again);
      socket.disconnect();
    },
  };
}

function keyOf({ start, channel, currency }: LiveWindow): string {
  return `${start} ${channel} ${currency}`;
}
