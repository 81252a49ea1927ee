import { expect, test } from "vitest";
import { makeTokenBuckets } from "./token-buckets.ts";

test("a bucket empties, says when to come again, and fills with time and not beyond its brim", () => {
  let nowMs = 0;
  const buckets = makeTokenBuckets({ perSecond: 2, burst: 4 }, () => nowMs);
  expect([1, 2, 3, 4].map(() => buckets.take("a"))).toEqual([0, 0, 0, 0]);
  expect(buckets.take("a", 3)).toBe(2);
  expect(buckets.take("b", 4)).toBe(0);
  nowMs = 500;
  expect([buckets.wait("a"), buckets.take("a"), buckets.take("a")]).toEqual([0, 0, 1]);
  nowMs = 3_600_000;
  expect(buckets.take("a", 4)).toBe(0);
  expect(buckets.take("a")).toBe(1);
});

test("a clock that goes back takes nothing away", () => {
  let nowMs = 10_000;
  const buckets = makeTokenBuckets({ perSecond: 1, burst: 2 }, () => nowMs);
  buckets.take("a");
  nowMs = 0;
  expect(buckets.take("a")).toBe(0);
});

test("of too many keys, the one that was used least recently is forgotten", () => {
  const buckets = makeTokenBuckets({ perSecond: 1, burst: 1 }, () => 0);
  buckets.take("first");
  for (let key = 0; key < 10_000; key += 1) buckets.take(`${key}`);
  expect(buckets.take("first")).toBe(0);
  expect(buckets.take("9999")).toBe(1);
});
