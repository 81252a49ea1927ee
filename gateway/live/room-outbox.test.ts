import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { makeRoomOutbox } from "./room-outbox.ts";

describe("pacing a room", () => {
  const sent: [string, number][] = [];
  const outbox = makeRoomOutbox<number>({
    pauseMs: 100,
    merge: (first, second) => first + second,
    send: (room, update) => sent.push([room, update]),
  });
  beforeEach(() => {
    vi.useFakeTimers();
    sent.length = 0;
  });
  afterEach(() => {
    outbox.flush();
    vi.useRealTimers();
  });

  test("the first update goes at once, the following ones as one after the pause", () => {
    for (const update of [1, 2, 3]) outbox.push("a", update);
    expect(sent).toEqual([["a", 1]]);
    vi.advanceTimersByTime(100);
    expect(sent).toEqual([
      ["a", 1],
      ["a", 5],
    ]);
  });

  test("a message at the end of a pause begins the next pause", () => {
    outbox.push("a", 1);
    outbox.push("a", 2);
    vi.advanceTimersByTime(100);
    outbox.push("a", 3);
    vi.advanceTimersByTime(99);
    expect(sent).toHaveLength(2);
    vi.advanceTimersByTime(1);
    expect(sent).toEqual([
      ["a", 1],
      ["a", 2],
      ["a", 3],
    ]);
  });

  test("rooms do not wait for one another", () => {
    outbox.push("a", 1);
    outbox.push("b", 2);
    expect(sent).toEqual([
      ["a", 1],
      ["b", 2],
    ]);
  });

  test("a quiet room is at rest again and keeps no timer", () => {
    outbox.push("a", 1);
    vi.advanceTimersByTime(100);
    expect(vi.getTimerCount()).toBe(0);
    outbox.push("a", 2);
    expect(sent).toEqual([
      ["a", 1],
      ["a", 2],
    ]);
  });

  test("flushing sends what waits", () => {
    outbox.push("a", 1);
    outbox.push("a", 2);
    outbox.flush();
    expect(sent).toEqual([
      ["a", 1],
      ["a", 2],
    ]);
  });
});
