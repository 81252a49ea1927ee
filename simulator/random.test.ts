import fc from "fast-check";
import { expect, test } from "vitest";
import { randomOf } from "./random.ts";

test("the same seed and path give the same stream, another path another stream", () => {
  fc.assert(
    fc.property(fc.integer(), fc.string(), fc.nat(), (seed, store, order) => {
      const first = randomOf(seed, store, order);
      const again = randomOf(seed, store, order);
      const other = randomOf(seed, store, order + 1);
      const draws = Array.from({ length: 8 }, () => first.next());
      expect(Array.from({ length: 8 }, () => again.next())).toEqual(draws);
      expect(Array.from({ length: 8 }, () => other.next())).not.toEqual(draws);
      for (const draw of draws) expect(draw >= 0 && draw < 1).toBe(true);
    }),
  );
});

test("draws of many short streams have the mean and spread of their distributions", () => {
  const draws = 20_000;
  const sums = { uniform: 0, normal: 0, square: 0, small: 0, large: 0, second: 0 };
  for (let at = 0; at < draws; at += 1) {
    const random = randomOf(7, "store", at);
    sums.uniform += random.next();
    const normal = random.normal();
    sums.normal += normal;
    sums.square += normal * normal;
    sums.small += random.poisson(2.5);
    sums.large += random.poisson(90);
    if (random.weighted([3, 0, 1]) === 2) sums.second += 1;
  }
  expect(sums.uniform / draws).toBeCloseTo(0.5, 1);
  expect(Math.abs(sums.normal / draws)).toBeLessThan(0.03);
  expect(Math.abs(sums.square / draws - 1)).toBeLessThan(0.05);
  expect(Math.abs(sums.small / draws - 2.5)).toBeLessThan(0.05);
  expect(Math.abs(sums.large / draws - 90)).toBeLessThan(0.5);
  expect(Math.abs(sums.second / draws - 0.25)).toBeLessThan(0.02);
});
