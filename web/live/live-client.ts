import type {
  LiveFeedMessage,
  LiveForecastMessage,
  LiveJob,
  LiveSnapshot,
  LiveStanding,
  LiveWindows,
} from "@tillcast/schemas/browser";
import { type ConnectionEvent, type ConnectionState, nextConnection } from "./connection.ts";
import { makeHeardLine } from "./heard-line.ts";
import type { LiveSocket } from "./live-socket.ts";

/** What a watcher of one store hears. */
export interface StoreWatcher {
  readonly storeId: string;
  /** The business date of the snapshots; absent for the present one. */
  readonly date?: string | undefined;
  /** A snapshot is being asked for. */
  readonly onAsking?: () => void;
  /** Absent where the watcher only wants to know that something changed. */
  readonly onSnapshot?: (snapshot: LiveSnapshot) => void;
  readonly onWindows: (update: LiveWindows) => void;
  readonly onForecast?: (message: LiveForecastMessage) => void;
  readonly onFeed?: (message: LiveFeedMessage) => void;
  /** Word of the store was lost on its way. */
  readonly onStanding?: (standing: LiveStanding) => void;
  /** The store is not there, or not the reader's to see. */
  readonly onRefused?: () => void;
  /** There is no such day. */
  readonly onNoSuchDay?: () => void;
}

export interface Watch {
  /** Asks for a fresh snapshot; asking while one is on its way changes nothing. */
  refresh(): void;
  stop(): void;
}

export interface LiveClient {
  state(): ConnectionState;
  /** Until when the server has been heard, by this browser's clock; undefined before the first snapshot. */
  heardUntil(): number | undefined;
  onState(listener: (state: ConnectionState) => void): () => void;
  onJob(listener: (job: LiveJob) => void): () => void;
  /** Heard when the server no longer knows the session. */
  onUnauthenticated(listener: () => void): () => void;
  watch(watcher: StoreWatcher): Watch;
  close(): void;
}

/** A snapshot that has not come by then is asked for again. */
const ANSWER_MS_MAX = 10_000;
const RETRY_MS = 2_000;

/** Spreads the return of many browsers after a deploy. */
const DRAIN_JITTER_MS = 3_000;

/** Keeps rooms joined and watchers supplied over one socket: joins first, asks for snapshots second. */
export function makeLiveClient(socket: LiveSocket): LiveClient {
  const watchers = new Set<StoreWatcher>();
  const awaited = new Set<StoreWatcher>();
  const stateListeners = new Set<(state: ConnectionState) => void>();
  const jobListeners = new Set<(job: LiveJob) => void>();
  const signOutListeners = new Set<() => void>();
  const timers = new Set<ReturnType<typeof setTimeout>>();
  const line = makeHeardLine();
  let state: ConnectionState = "connecting";

  function happened(event: ConnectionEvent): void {
    const next = nextConnection(state, event);
    if (next === state) return;
    state = next;
    line.moved(state === "live", Date.now());
    for (const listener of stateListeners) listener(state);
  }

  function later(action: () => void, delayMs: number): void {
    const timer = setTimeout(() => {
      timers.delete(timer);
      action();
    }, delayMs);
    timers.add(timer);
  }

  async function join(joining: readonly StoreWatcher[]): Promise<void> {
    const stores = [...new Set(joining.map((watcher) => watcher.storeId))];
    if (stores.length === 0) return settle();
    for (const watcher of joining) if (watcher.onSnapshot !== undefined) awaited.add(watcher);
    try {
      const joined = await socket.timeout(ANSWER_MS_MAX).emitWithAck("join", { stores });
      for (const watcher of joining) {
        if (joined.denied.includes(watcher.storeId)) refuse(watcher);
        else if (awaited.has(watcher)) void fetchSnapshot(watcher);
      }
    } catch {
      if (socket.connected) later(() => void join(joining.filter(isWatched)), RETRY_MS);
    }
    settle();
  }

  async function fetchSnapshot(watcher: StoreWatcher): Promise<void> {
    const { storeId, date } = watcher;
    const request = date === undefined ? { storeId } : { storeId, date };
    if (!isWatched(watcher) || !awaited.has(watcher)) return;
    watcher.onAsking?.();
    try {
      const reply = await socket.timeout(ANSWER_MS_MAX).emitWithAck("snapshot", request);
      heard();
      if (!isWatched(watcher) || !awaited.has(watcher)) return;
      if ("error" in reply && reply.code === "validationFailed") return refuseDay(watcher);
      // The room was joined, so the store is there: whatever else is wrong may pass.
      if ("error" in reply) return later(() => void fetchSnapshot(watcher), RETRY_MS);
      awaited.delete(watcher);
      watcher.onSnapshot?.(reply);
      settle();
    } catch {
      if (!isWatched(watcher) || !socket.connected) return; // A new connection asks again.
      later(() => void fetchSnapshot(watcher), RETRY_MS);
    }
  }

  function refuse(watcher: StoreWatcher): void {
    awaited.delete(watcher);
    watcher.onRefused?.();
    settle();
  }

  function refuseDay(watcher: StoreWatcher): void {
    awaited.delete(watcher);
    watcher.onNoSuchDay?.();
    settle();
  }

  function settle(): void {
    if (awaited.size === 0 && socket.connected) happened("caughtUp");
  }

  function heard(): void {
    line.heard(Date.now());
  }

  const isWatched = (watcher: StoreWatcher) => watchers.has(watcher);
  const watchersOf = (storeId: string) => [...watchers].filter((w) => w.storeId === storeId);

  function drain(inMs: number): void {
    later(() => {
      socket.disconnect();
      later(() => socket.connect(), Math.random() * DRAIN_JITTER_MS);
    }, inMs);
  }

  socket.on("connect", () => {
    happened("connected");
    void join([...watchers]);
  });
  socket.on("disconnect", (reason) => {
    happened("lost");
    // Socket.IO does not come back by itself from a close that the server asked for.
    if (reason === "io server disconnect") later(() => socket.connect(), RETRY_MS);
  });
  socket.on("connect_error", (error) => {
    happened(/^forbidden/.test(error.message) ? "refused" : "failed");
    if (/unauth/i.test(error.message)) for (const listener of signOutListeners) listener();
    // A refused handshake is final for Socket.IO; a lost network is retried by itself.
    if (!socket.active) later(() => socket.connect(), RETRY_MS);
  });
  // Pings tell that the line is whole where nothing changes.
  socket.io.on("ping", heard);
  socket.on("windows", (update) => {
    heard();
    for (const watcher of watchersOf(update.storeId)) watcher.onWindows(update);
  });
  socket.on("forecast", (message) => {
    heard();
    for (const watcher of watchersOf(message.storeId)) watcher.onForecast?.(message);
  });
  socket.on("feed", (message) => {
    heard();
    for (const watcher of watchersOf(message.storeId)) watcher.onFeed?.(message);
  });
  socket.on("standing", (standing) => {
    heard();
    for (const watcher of watchersOf(standing.storeId)) watcher.onStanding?.(standing);
  });
  socket.on("job", (job) => {
    for (const listener of jobListeners) listener(job);
  });
  socket.on("drain", ({ inMs }) => drain(inMs));

  return {
    state: () => state,
    heardUntil: () => line.until(Date.now()),
    onState: (listener) => listen(stateListeners, listener),
    onJob: (listener) => listen(jobListeners, listener),
    onUnauthenticated: (listener) => listen(signOutListeners, listener),
    watch(watcher) {
      watchers.add(watcher);
      if (socket.connected) {
        if (watcher.onSnapshot !== undefined) happened("behind");
        void join([watcher]);
      }
      return {
        refresh() {
          if (awaited.has(watcher) || !socket.connected) return;
          awaited.add(watcher);
          happened("behind");
          void fetchSnapshot(watcher);
        },
        stop() {
          watchers.delete(watcher);
          awaited.delete(watcher);
          const { storeId } = watcher;
          if (watchersOf(storeId).length === 0) socket.emit("leave", { stores: [storeId] });
          settle();
        },
      };
    },
    close() {
      for (const timer of timers) clearTimeout(timer);
      socket.io.off("ping", heard);
      socket.removeAllListeners();
      socket.disconnect();
    },
  };
}

function listen<Listener>(listeners: Set<Listener>, listener: Listener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
