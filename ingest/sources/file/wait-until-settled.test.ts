import type { EventLog } from "@tillcast/event-log";
import { expect, test } from "vitest";
import { waitUntilSettled } from "./wait-until-settled.ts";

/** A log whose group moves one record further with every look, up to `until`. */
function logThatMoves(until: bigint): EventLog {
  let position = 0n;
  return {
    lag: async () => {
      const lag = { partition: 0, position, end: until, lagRecords: until - position };
      if (position < until) position += 1n;
      return [lag];
    },
  } as unknown as EventLog;
}
const awaited = { topic: "t", group: "g", positions: [{ partition: 0, offset: 2n }] };

test("the wait ends when the group is past the last position", async () => {
  const shares: number[] = [];
  await waitUntilSettled(logThatMoves(5n), {
    ...awaited,
    onProgress: (share) => shares.push(share),
  });
  expect(shares.map((share) => Math.round(share * 3))).toEqual([0, 1, 2]);
});

test("without positions there is nothing to wait for", async () => {
  await waitUntilSettled(logThatMoves(0n), { ...awaited, positions: [] });
});

test("a group that stands still is reported, and a wait can be given up", async () => {
  const stuck = { ...awaited, stallMaxMs: 60 };
  await expect(waitUntilSettled(logThatMoves(1n), stuck)).rejects.toThrow("not counted yet");
  const signal = AbortSignal.abort(new Error("given up"));
  await expect(waitUntilSettled(logThatMoves(1n), { ...awaited, signal })).rejects.toThrow(
    "given up",
  );
});
