import { createEffect, createSignal, on, onCleanup } from "solid-js";
import { type AppliedDetail, markApplied } from "./applied-marks.ts";
import { createDeviceOnline } from "./create-device-online.ts";
import { type DayPicture, dayPicture } from "./day-picture.ts";
import { makeStoreFollower, type StoreFollower } from "./follow-store.ts";
import { browserFrameClock, makeFrameLoop } from "./frame-loop.ts";
import { heardAt } from "./heard.ts";
import type { LiveClient, Watch } from "./live-client.ts";
import type { LiveState } from "./live-state.ts";

/** Expectations and ages move with the clock, also when nothing is sold. */
const TICK_MS = 5_000;

/** This far apart, the wall clock and the running time tell of a device that slept or of a clock that was set. */
const CLOCK_JUMP_MS = 5_000;

/** At the turn of the business day the server may be a moment behind this browser. */
const DAY_TURN_MS = 2_000;

export interface StoreLive {
  /** The day as last drawn; undefined until the first snapshot. Another day stays until the new one is there. */
  readonly picture: () => DayPicture | undefined;
  /** Whether the store is not there, or not the reader's to see. */
  readonly isRefused: () => boolean;
  /** Whether the date names no day that could be shown. */
  readonly isNoSuchDay: () => boolean;
}

/** Follows one store, on the present business day or on that of a date, and draws one picture per frame. */
export function createStoreLive(
  client: LiveClient,
  storeId: string,
  date: () => string | undefined,
): StoreLive {
  const [picture, setPicture] = createSignal<DayPicture | undefined>(undefined, { equals: false });
  const [isRefused, setRefused] = createSignal(false);
  const [isNoSuchDay, setNoSuchDay] = createSignal(false);
  /** The server's clock minus this browser's. */
  let skewMs = 0;
  let undrawn: AppliedDetail[] = [];
  let drawn: AppliedDetail[] = [];
  let askedForDay = "";
  let clockStart = Date.now() - performance.now();
  const isDeviceOnline = createDeviceOnline();
  let follower: StoreFollower | undefined;
  let watch: Watch | undefined;

  const loop = makeFrameLoop(browserFrameClock(), draw, () => {
    markApplied(drawn);
    drawn = [];
  });

  /** Follows one day; what was drawn of the day before stays on the screen until its snapshot comes. */
  function follow(day: string | undefined): void {
    const own = makeStoreFollower(() => own === follower && watch?.refresh(), noteApplied);
    follower = own;
    watch = client.watch({
      storeId,
      date: day,
      ...own,
      onSnapshot(snapshot) {
        skewMs = snapshot.serverTime - Date.now();
        setRefused(false);
        setNoSuchDay(false);
        own.onSnapshot(snapshot);
      },
      onRefused: () => setRefused(true),
      onNoSuchDay: () => setNoSuchDay(true),
    });
    onCleanup(watch.stop);
  }

  function noteApplied({ cursor, receivedAt }: LiveState): void {
    undrawn.push({ storeId, seq: cursor.windows, receivedAt });
    loop.schedule();
  }

  function draw(): void {
    const state = follower?.state();
    if (state === undefined) return;
    drawn = [...drawn, ...undrawn];
    undrawn = [];
    const now = Date.now();
    const heard = heardAt({
      now,
      until: client.heardUntil() ?? now,
      state: client.state(),
      isDeviceOnline: isDeviceOnline(),
    });
    setPicture(dayPicture(state, now + skewMs, { ...heard, until: heard.until + skewMs }));
  }

  /** After sleep, or after the clock was set, the server's clock has to be asked for again. */
  function askAfterJump(): void {
    const start = Date.now() - performance.now();
    if (Math.abs(start - clockStart) < CLOCK_JUMP_MS) return;
    clockStart = start;
    watch?.refresh();
  }

  function tick(): void {
    askAfterJump();
    const snapshot = follower?.state()?.snapshot;
    if (snapshot === undefined) return;
    const isOver = snapshot.isToday && Date.now() + skewMs > snapshot.dayEnd + DAY_TURN_MS;
    if (isOver && askedForDay !== snapshot.businessDate) {
      askedForDay = snapshot.businessDate;
      watch?.refresh();
    }
    loop.schedule();
  }

  createEffect(on(date, follow));
  const ticker = setInterval(tick, TICK_MS);
  // What is said changes with the line, at once.
  onCleanup(client.onState(() => loop.schedule()));
  createEffect(on(isDeviceOnline, () => loop.schedule(), { defer: true }));
  onCleanup(() => {
    clearInterval(ticker);
    loop.stop();
  });
  return { picture, isRefused, isNoSuchDay };
}
