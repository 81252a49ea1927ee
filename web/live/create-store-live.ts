import { createSignal, onCleanup } from "solid-js";
import { type AppliedDetail, markApplied } from "./applied-marks.ts";
import { type DayPicture, dayPicture } from "./day-picture.ts";
import { makeStoreFollower } from "./follow-store.ts";
import { browserFrameClock, makeFrameLoop } from "./frame-loop.ts";
import type { LiveClient } from "./live-client.ts";
import type { LiveState } from "./live-state.ts";

/** Expectations and ages move with the clock, also when nothing is sold. */
const TICK_MS = 10_000;

/** At the turn of the business day the server may be a moment behind this browser. */
const DAY_TURN_MS = 2_000;

export interface StoreLive {
  /** The day as last drawn; undefined until the first snapshot. */
  readonly picture: () => DayPicture | undefined;
  /** Whether the store is not there, or not the reader's to see. */
  readonly isRefused: () => boolean;
}

/** Follows one store and draws one picture per frame. */
export function createStoreLive(client: LiveClient, storeId: string): StoreLive {
  const [picture, setPicture] = createSignal<DayPicture | undefined>(undefined, { equals: false });
  const [isRefused, setRefused] = createSignal(false);
  /** The server's clock minus this browser's. */
  let skewMs = 0;
  let undrawn: AppliedDetail[] = [];
  let drawn: AppliedDetail[] = [];
  let askedForDay = "";

  const loop = makeFrameLoop(browserFrameClock(), draw, () => {
    markApplied(drawn);
    drawn = [];
  });
  const follower = makeStoreFollower(() => watch.refresh(), noteApplied);
  const watch = client.watch({
    storeId,
    ...follower,
    onSnapshot(snapshot) {
      skewMs = snapshot.serverTime - Date.now();
      setRefused(false);
      follower.onSnapshot(snapshot);
    },
    onRefused: () => setRefused(true),
  });

  function noteApplied({ cursor, receivedAt }: LiveState): void {
    undrawn.push({ storeId, seq: cursor.windows, receivedAt });
    loop.schedule();
  }

  function draw(): void {
    const state = follower.state();
    if (state === undefined) return;
    drawn = [...drawn, ...undrawn];
    undrawn = [];
    setPicture(dayPicture(state, Date.now() + skewMs));
  }

  function tick(): void {
    const snapshot = follower.state()?.snapshot;
    if (snapshot === undefined) return;
    const isOver = Date.now() + skewMs > snapshot.dayEnd + DAY_TURN_MS;
    if (isOver && askedForDay !== snapshot.businessDate) {
      askedForDay = snapshot.businessDate;
      watch.refresh();
    }
    loop.schedule();
  }

  const ticker = setInterval(tick, TICK_MS);
  onCleanup(() => {
    watch.stop();
    clearInterval(ticker);
    loop.stop();
  });
  return { picture, isRefused };
}
