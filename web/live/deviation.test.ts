import { expect, test } from "vitest";
import { deviationOf } from "./deviation.ts";

const expected = { low: 200, p10: 500, p50: 1_000, p90: 1_500, high: 2_000 };
const bandOf = (net: number, day = 10_000) => deviationOf(net, expected, day)?.band;

test("one language: as usual inside the band, a side outside it, unusual only far outside", () => {
  expect([500, 1_000, 1_500].map((net) => bandOf(net))).toEqual(["asUsual", "asUsual", "asUsual"]);
  expect([499, 200, 199].map((net) => bandOf(net))).toEqual(["below", "below", "low"]);
  expect([1_501, 2_000, 2_001].map((net) => bandOf(net))).toEqual(["above", "above", "high"]);
});

test("what is small against the day is as usual, however far from what was expected of it", () => {
  expect(bandOf(0, 60_000)).toBe("asUsual");
  const nearNothing = { low: -1, p10: 0, p50: 0.4, p90: 1, high: 1.5 };
  expect(deviationOf(2_900, nearNothing, 700_000)?.band).toBe("asUsual");
  expect(deviationOf(-1_100, { ...nearNothing, p50: 0 }, 100)?.band).toBe("asUsual");
});

test("without an expectation there is no verdict, and of nothing no share", () => {
  expect(deviationOf(5, null, 100)).toBeUndefined();
  expect(deviationOf(5, { low: 0, p10: 0, p50: 0, p90: 0, high: 0 }, 0)?.ratio).toBeNull();
});
