import type {
  LiveFeedMessage,
  LiveForecastMessage,
  LiveSnapshot,
  LiveStanding,
  LiveWindows,
} from "@tillcast/schemas/browser";
import {
  type Applied,
  applyFeed,
  applyForecast,
  applySnapshot,
  applyStanding,
  applyWindows,
  type LiveState,
} from "./live-state.ts";

/** Updates kept while a snapshot is on its way; at ten a second this is longer than it may take. */
const HELD_MAX = 1_000;

/** Follows one store through snapshots and updates in whatever order they come. */
export interface StoreFollower {
  state(): LiveState | undefined;
  /** A snapshot was asked for: from here on updates may be newer than what it will say. */
  onAsking(): void;
  onSnapshot(snapshot: LiveSnapshot): void;
  onWindows(update: LiveWindows): void;
  onForecast(message: LiveForecastMessage): void;
  onFeed(message: LiveFeedMessage): void;
  onStanding(standing: LiveStanding): void;
}

/**
 * `ask` fetches a snapshot, `changed` hears of every new state. An update may overtake the snapshot that
 * was read before it: what comes in between is held, and applied again on top.
 */
export function makeStoreFollower(
  ask: () => void,
  changed: (state: LiveState) => void,
): StoreFollower {
  let state: LiveState | undefined;
  let held: ((state: LiveState) => Applied)[] | undefined = [];

  function take(apply: (state: LiveState) => Applied): void {
    if (held !== undefined && held.length < HELD_MAX) held.push(apply);
    if (state === undefined) return;
    const { outcome, state: next } = apply(state);
    if (outcome !== "gap") state = next;
    if (outcome === "applied") changed(next);
    if (outcome === "gap" && held === undefined) ask();
  }

  return {
    state: () => state,
    onAsking() {
      held = [];
    },
    onSnapshot(snapshot) {
      const waiting = held ?? [];
      held = undefined;
      state = applySnapshot(snapshot);
      changed(state);
      for (const apply of waiting) {
        take(apply);
        if (held !== undefined) return; // A gap among them: the next snapshot starts over.
      }
    },
    onWindows: (update) => take((known) => applyWindows(known, update)),
    onForecast: (message) => take((known) => applyForecast(known, message)),
    onFeed: (message) => take((known) => applyFeed(known, message)),
    onStanding: (standing) => take((known) => applyStanding(known, standing)),
  };
}
