import { expect, test } from "vitest";
import { type FrameClock, makeFrameLoop } from "./frame-loop.ts";

/** A clock whose frames and timers run when the test says so. */
function handClock() {
  const frames = new Map<number, () => void>();
  const timers = new Map<number, () => void>();
  let handle = 0;
  const add = (to: Map<number, () => void>, callback: () => void) => {
    handle += 1;
    to.set(handle, callback);
    return handle;
  };
  const clock: FrameClock = {
    requestFrame: (callback) => add(frames, callback),
    cancelFrame: (known) => void frames.delete(known),
    setTimer: (callback) => add(timers, callback),
    clearTimer: (known) => void timers.delete(known),
    afterFrame: (callback) => callback(),
  };
  const run = (from: Map<number, () => void>) => {
    for (const callback of [...from.values()]) callback();
  };
  return { clock, runFrame: () => run(frames), runTimer: () => run(timers), frames, timers };
}

test("many updates are one draw, and the next update is another", () => {
  const hand = handClock();
  let draws = 0;
  let drawn = 0;
  const loop = makeFrameLoop(
    hand.clock,
    () => (draws += 1),
    () => (drawn += 1),
  );
  for (let i = 0; i < 100; i += 1) loop.schedule();
  hand.runFrame();
  hand.runTimer();
  expect([draws, drawn]).toEqual([1, 1]);
  loop.schedule();
  hand.runFrame();
  expect(draws).toBe(2);
});

test("a hidden page, which gets no frames, still draws", () => {
  const hand = handClock();
  let draws = 0;
  const loop = makeFrameLoop(
    hand.clock,
    () => (draws += 1),
    () => undefined,
  );
  loop.schedule();
  hand.runTimer();
  hand.runFrame();
  expect(draws).toBe(1);
  expect(hand.frames.size + hand.timers.size).toBe(0);
});
