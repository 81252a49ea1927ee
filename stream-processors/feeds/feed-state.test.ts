import { describe, expect, it } from "vitest";
import { type FeedFacts, feedStateOf } from "./feed-state.ts";
import { isOpenAt } from "./opening-hours.ts";

const now = Date.parse("2026-11-21T12:00:00Z");
const minute = 60_000;
const facts = {
  lastProofAt: now - minute,
  expectsHeartbeat: true,
  watermark: now - minute,
  isOpen: null,
};
const stateOf = (changes: Partial<FeedFacts>) =>
  feedStateOf({ ...facts, ...changes }, now, 2 * minute);

describe("a feed's state", () => {
  it("is live while there is proof of life, however long nothing was sold", () => {
    expect(stateOf({})).toBe("live");
  });
  it("is unreachable when a till that sends heartbeats falls silent", () => {
    expect(stateOf({ lastProofAt: now - 3 * minute })).toBe("unreachable");
  });
  it("is unknown when a till that owes no heartbeat falls silent, and when none was ever heard", () => {
    expect(stateOf({ lastProofAt: now - 3 * minute, expectsHeartbeat: false })).toBe("unknown");
    expect(stateOf({ lastProofAt: null })).toBe("unknown");
  });
  it("is late when the till lives and its data is not complete", () => {
    expect(stateOf({ watermark: now - 30 * minute })).toBe("late");
  });
  it("is closed outside opening hours, also when the till is switched off", () => {
    expect(stateOf({ isOpen: false })).toBe("closed");
    expect(stateOf({ isOpen: false, lastProofAt: now - 600 * minute })).toBe("closed");
  });
});

describe("opening hours", () => {
  const hours = [{ day: 6, open: "17:00", close: "02:00" }];
  const at = (text: string) => isOpenAt(hours, Date.parse(text), "Europe/Berlin");
  it("reach past midnight", () => {
    expect(at("2026-11-21T15:59:00Z")).toBe(false);
    expect(at("2026-11-21T16:00:00Z")).toBe(true);
    expect(at("2026-11-22T00:59:00Z")).toBe(true);
    expect(at("2026-11-22T01:00:00Z")).toBe(false);
  });
});
