import { expect, test } from "vitest";
import { makeHeardLine } from "./heard-line.ts";

const MINUTE_MS = 60_000;

test("a whole line is heard until now, also while nothing changes", () => {
  const line = makeHeardLine();
  expect(line.until(0)).toBeUndefined();
  line.moved(true, 1_000);
  line.heard(20_000);
  expect(line.until(50_000)).toBe(50_000);
});

test("a lost line is heard until the moment of loss, however long ago that was", () => {
  const line = makeHeardLine();
  line.moved(true, 1_000);
  line.moved(false, 5_000);
  expect(line.until(95 * MINUTE_MS)).toBe(5_000);
  line.heard(95 * MINUTE_MS);
  expect(line.until(95 * MINUTE_MS)).toBe(5_000);
  line.moved(true, 96 * MINUTE_MS);
  expect(line.until(96 * MINUTE_MS)).toBe(96 * MINUTE_MS);
});

test("a line that only seems whole, as after sleep, is heard until its last word", () => {
  const line = makeHeardLine();
  line.moved(true, 1_000);
  line.heard(10_000);
  expect(line.until(180 * MINUTE_MS)).toBe(10_000);
  line.moved(false, 180 * MINUTE_MS);
  expect(line.until(181 * MINUTE_MS)).toBe(10_000);
});

test("a clock that is set back does not take anything away", () => {
  const line = makeHeardLine();
  line.moved(true, 60 * MINUTE_MS);
  expect(line.until(MINUTE_MS)).toBe(MINUTE_MS);
});
