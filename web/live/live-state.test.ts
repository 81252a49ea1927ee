import type { LiveWindows } from "@tillcast/schemas/browser";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { makeStoreFollower } from "./follow-store.ts";
import {
  applyFeed,
  applyForecast,
  applySnapshot,
  applyStanding,
  applyWindows,
} from "./live-state.ts";
import {
  at,
  feed,
  forecast,
  pastSnapshot,
  QUARTER_MS,
  snapshot,
  update,
  window,
} from "./testing/builders.ts";

const start = applySnapshot(
  snapshot({ cursor: { epoch: 2, windows: 10, forecast: 3, alerts: 0, feeds: 5 } }),
);

describe("an update of windows", () => {
  test("that the client has seen is old, and changes nothing", () => {
    const { outcome, state } = applyWindows(start, update({ epoch: 2, prevSeq: 8, seq: 10 }));
    expect([outcome, state]).toEqual(["old", start]);
  });

  test("that overlaps what was seen is applied whole", () => {
    const { outcome, state } = applyWindows(start, update({ epoch: 2, prevSeq: 7, seq: 12 }));
    expect([outcome, state.cursor.windows, state.windows.size]).toEqual(["applied", 12, 1]);
  });

  test("that leaves something out is a gap", () => {
    expect(applyWindows(start, update({ epoch: 2, prevSeq: 11, seq: 12 })).outcome).toBe("gap");
  });

  test("of a newer epoch is a gap, of an older one old", () => {
    expect(applyWindows(start, update({ epoch: 3, prevSeq: 10, seq: 11 })).outcome).toBe("gap");
    expect(applyWindows(start, update({ epoch: 1, prevSeq: 10, seq: 11 })).outcome).toBe("old");
  });

  test("of the next business day is a gap, of yesterday leaves today alone", () => {
    const next = { epoch: 2, prevSeq: 10, seq: 11 };
    const tomorrow = [window({ businessDate: "2026-11-22" })];
    const yesterday = [window({ businessDate: "2026-11-20" })];
    expect(applyWindows(start, update({ ...next, windows: tomorrow })).outcome).toBe("gap");
    const { outcome, state } = applyWindows(start, update({ ...next, windows: yesterday }));
    expect([outcome, state.windows.size, state.cursor.windows]).toEqual(["applied", 0, 11]);
  });
});

describe("on a past day, an update", () => {
  const past = applySnapshot(pastSnapshot({ windows: [window({ net: "5" })] }));

  test("of that day's windows is applied as today's are", () => {
    const { outcome, state } = applyWindows(past, update({ windows: [window({ net: "9" })] }));
    expect([outcome, [...state.windows.values()].map(({ net }) => net)]).toEqual([
      "applied",
      ["9"],
    ]);
  });

  test("of today leaves it alone and asks for nothing", () => {
    const windows = [window({ businessDate: "2026-11-28" })];
    const { outcome, state } = applyWindows(past, update({ windows, daysChanged: ["2026-11-25"] }));
    expect([outcome, state.cursor.windows]).toEqual(["applied", 1]);
    expect([...state.windows.values()]).toEqual([window({ net: "5" })]);
  });

  test("that names the day without its windows asks for a snapshot", () => {
    const named = update({ windows: [], daysChanged: ["2026-11-20", "2026-11-21"] });
    expect(applyWindows(past, named).outcome).toBe("gap");
  });
});

test("today asks for a snapshot when a later day than its last with sales is filled in", () => {
  const idle = applySnapshot(snapshot({ lastSalesDate: "2015-01-03" }));
  const filled = (date: string) => update({ windows: [], daysChanged: [date] });
  expect(applyWindows(idle, filled("2015-01-02")).outcome).toBe("applied");
  expect(applyWindows(idle, filled("2015-01-04")).outcome).toBe("gap");
  const never = applySnapshot(snapshot({ lastSalesDate: null }));
  expect(applyWindows(never, filled("2015-01-02")).outcome).toBe("gap");
});

test("a forecast issued during the day keeps what was expected of the hours before", () => {
  const early = applySnapshot(snapshot({ forecast: forecast(1000) }));
  const late = { starts: [at(14)], values: [[1, 2, 3]] };
  const message = { storeId: "s", version: 1, forecast: forecast(0, late) };
  const { state } = applyForecast(early, message);
  expect(state.forecast?.starts).toHaveLength(13);
  expect(state.forecast?.values.at(-1)).toEqual([1, 2, 3]);
  expect(applyForecast(state, message).outcome).toBe("old");
});

test("a feed's newer state replaces only that feed", () => {
  const two = applySnapshot(snapshot({ feeds: [feed(), feed({ feedKey: "g" })] }));
  const late = feed({ state: "late" });
  const { state } = applyFeed(two, { storeId: "s", version: 1, feed: late });
  expect(state.feeds.map(({ feedKey, state: word }) => [feedKey, word])).toEqual([
    ["g", "live"],
    ["f", "late"],
  ]);
});

test("whoever missed a forecast or a feed's state learns it from where the store stands", () => {
  const outcomeOf = (forecast: number, feeds: number) =>
    applyStanding(start, { storeId: "s", forecast, alerts: 0, feeds }).outcome;
  expect([outcomeOf(3, 5), outcomeOf(2, 5), outcomeOf(4, 5), outcomeOf(3, 6)]).toEqual([
    "old",
    "old",
    "gap",
    "gap",
  ]);
});

/** The truth of a made-up server: after `seq` changes, window `i` holds the last change to it. */
const history = fc.array(
  fc.record({ quarter: fc.nat(5), net: fc.integer({ min: -500, max: 5000 }) }),
  { minLength: 1, maxLength: 25 },
);

function windowsAfter(changes: readonly { quarter: number; net: number }[], from: number) {
  const touched = new Map(changes.map((change, i) => [change.quarter, { ...change, i }]));
  return [...touched.values()]
    .filter(({ i }) => i >= from)
    .map(({ quarter, net }) => window({ start: at(12) + quarter * QUARTER_MS, net: String(net) }));
}

test("duplicates, reordering, conflation and losses never leave a wrong number", () => {
  const delivery = fc.array(fc.tuple(fc.nat(25), fc.nat(25)), { maxLength: 30 });
  fc.assert(
    fc.property(history, delivery, fc.nat(25), (changes, spans, readAt) => {
      const truth = (seq: number) =>
        snapshot({
          cursor: { epoch: 1, windows: seq, forecast: 0, alerts: 0, feeds: 0 },
          windows: windowsAfter(changes.slice(0, seq), 0),
        });
      const conflated = (prevSeq: number, seq: number): LiveWindows =>
        update({ prevSeq, seq, windows: windowsAfter(changes.slice(0, seq), prevSeq) });
      const last = changes.length;
      let isAsked = false;
      const follower = makeStoreFollower(
        () => {
          isAsked = true;
          follower.onAsking();
        },
        () => undefined,
      );
      follower.onAsking();
      spans.forEach(([a, b], i) => {
        const [from, to] = [Math.min(a, b, last), Math.min(Math.max(a, b), last)];
        if (from < to) follower.onWindows(conflated(from, to));
        // The first snapshot arrives in the middle, and is older than some updates before it.
        if (i === 3) follower.onSnapshot(truth(Math.min(readAt, last)));
      });
      if (follower.state() === undefined) follower.onSnapshot(truth(Math.min(readAt, last)));
      follower.onWindows(update({ prevSeq: last, seq: last + 1, windows: [] }));
      if (isAsked) follower.onSnapshot(truth(last));
      const state = follower.state();
      const nets = (all: Iterable<{ start: number; net: string }>) =>
        [...all].map(({ start: s, net }) => `${s}:${net}`).sort();
      expect(nets(state?.windows.values() ?? [])).toEqual(nets(truth(last).windows));
    }),
  );
});
