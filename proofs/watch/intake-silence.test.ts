import type { FeedFacts } from "@tillcast/stream-processors";
import { describe, expect, it } from "vitest";
import { describeSilence, intakeSilence } from "./intake-silence.ts";

const now = Date.parse("2026-11-27T12:00:00Z");
const minute = 60_000;
const feed = (change: Partial<FeedFacts>): FeedFacts => ({
  lastProofAt: now - 30 * minute,
  expectsHeartbeat: false,
  watermark: null,
  isOpen: true,
  ...change,
});
const silence = (...feeds: FeedFacts[]) => intakeSilence(feeds, now, 10 * minute);

describe("the silence of the intake", () => {
  it("is told when not one feed of an open store is heard of", () => {
    expect(silence(feed({}), feed({ lastProofAt: null }))).toEqual({
      expected: 2,
      lastSignAt: now - 30 * minute,
      isSilent: true,
    });
  });

  it("is none while a single feed is heard of, though it may sell nothing", () => {
    expect(silence(feed({}), feed({ lastProofAt: now - minute })).isSilent).toBe(false);
  });

  it("is none outside opening hours, and where nobody should be heard of", () => {
    expect(silence(feed({ isOpen: false })).isSilent).toBe(false);
    expect(silence(feed({ isOpen: null })).isSilent).toBe(false);
    expect(silence().isSilent).toBe(false);
  });

  it("is not hidden by the sign of life of a store that is closed", () => {
    expect(silence(feed({}), feed({ isOpen: false, lastProofAt: now })).isSilent).toBe(true);
  });

  it("is expected of a till that owes heartbeats where the hours are not known", () => {
    expect(silence(feed({ isOpen: null, expectsHeartbeat: true })).isSilent).toBe(true);
  });

  it("is put as what is known, never as fewer sales", () => {
    expect(describeSilence(silence(feed({})))).toBe(
      "no till has sent anything since 2026-11-27T11:30:00.000Z (feeds expected open: 1); whether they sell is unknown",
    );
    expect(describeSilence(silence(feed({ lastProofAt: null })))).toContain("anything yet (feeds");
  });
});
