import fc from "fast-check";
import { expect, test } from "vitest";
import {
  coverage,
  mase,
  owa,
  pinballLoss,
  rmsle,
  seasonalScale,
  smape,
  wape,
  weightedQuantileLoss,
} from "./metrics.ts";

const pairs = fc.array(
  fc.tuple(
    fc.double({ min: 0.5, max: 1e6, noNaN: true }),
    fc.double({ min: 0, max: 1e6, noNaN: true }),
  ),
  { minLength: 1, maxLength: 40 },
);
const apart = (rows: [number, number][]) => [rows.map((r) => r[0]), rows.map((r) => r[1])] as const;
const sum = (values: number[]) => values.reduce((total, value) => total + value, 0);

test("wape equals its plain version", () => {
  fc.assert(
    fc.property(pairs, (rows) => {
      const [actual, forecast] = apart(rows);
      const plain = sum(rows.map(([a, f]) => Math.abs(a - f))) / sum(actual.map(Math.abs));
      expect(wape(actual, forecast)).toBeCloseTo(plain, 9);
    }),
  );
});

test("smape equals its plain version and stays within 0 and 200", () => {
  fc.assert(
    fc.property(pairs, (rows) => {
      const [actual, forecast] = apart(rows);
      const plain = sum(rows.map(([a, f]) => (200 * Math.abs(a - f)) / (a + f))) / rows.length;
      expect(smape(actual, forecast)).toBeCloseTo(plain, 9);
      expect(smape(actual, forecast)).toBeLessThanOrEqual(200 + 1e-9);
    }),
  );
});

test("mase of the seasonal naive forecast on a steady random walk is its own error over the scale", () => {
  const history = [1, 2, 4, 7, 11, 16];
  expect(seasonalScale(history, 2)).toBe((3 + 5 + 7 + 9) / 4);
  expect(mase([10, 12], [9, 15], 2)).toBe(1);
});

test("owa of the reference model itself is one", () => {
  expect(owa({ smape: 18.383, mase: 2.395 }, { smape: 18.383, mase: 2.395 })).toBe(1);
});

test("pinball loss at one half is half the absolute error", () => {
  fc.assert(
    fc.property(
      fc.double({ noNaN: true, min: -1e6, max: 1e6 }),
      fc.double({ noNaN: true, min: -1e6, max: 1e6 }),
      (a, q) => {
        expect(pinballLoss(a, q, 0.5)).toBeCloseTo(Math.abs(a - q) / 2, 6);
      },
    ),
  );
});

test("weighted quantile loss equals its plain version", () => {
  fc.assert(
    fc.property(pairs, (rows) => {
      const levels = [0.1, 0.5, 0.9];
      const quantiles = rows.map(([, f]) => [f * 0.8, f, f * 1.3]);
      const losses = rows.flatMap(([a, f]) =>
        levels.map((level, k) => {
          const error = a - f * ([0.8, 1, 1.3][k] as number);
          return error > 0 ? level * error : (level - 1) * error;
        }),
      );
      const plain = (2 * sum(losses)) / levels.length / sum(rows.map(([a]) => a));
      const [actual] = apart(rows);
      expect(weightedQuantileLoss(actual, quantiles, levels)).toBeCloseTo(plain, 9);
    }),
  );
});

test("coverage counts the borders as inside", () => {
  expect(coverage([1, 2, 3, 4], [1, 2.5, 0, 0], [1, 3, 3, 3])).toBe(0.5);
});

test("rmsle equals its plain version", () => {
  const plain = Math.sqrt((Math.log(2) ** 2 + Math.log(3) ** 2) / 2);
  expect(rmsle([1, 2], [3, 0])).toBeCloseTo(plain, 9);
});
