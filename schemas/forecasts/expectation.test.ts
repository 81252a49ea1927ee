import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { expectationOf, expectedUntil, forecastSteps, sumExpectations } from "./expectation.ts";
import { forecastQuantiles } from "./forecast-issued.ts";

const row = fc
  .array(fc.double({ min: 0, max: 1e6, noNaN: true }), { minLength: 11, maxLength: 11 })
  .map((values) => values.toSorted((a, b) => a - b));

describe("what a forecast expects", () => {
  test("is ordered, and lies within the quantiles", () => {
    fc.assert(
      fc.property(row, (values) => {
        const { low, p10, p50, p90, high } = expectationOf(forecastQuantiles, values);
        expect(low).toBeLessThanOrEqual(values[0] ?? 0);
        expect(high).toBeGreaterThanOrEqual(values[10] ?? 0);
        expect(p10).toBeLessThanOrEqual(p50);
        expect(p50).toBeLessThanOrEqual(p90);
        expect(p10).toBe(values[1]);
        expect(p90).toBe(values[9]);
      }),
      { numRuns: 1_000 },
    );
  });

  test("of a certain step is that value", () => {
    const { p10, p50, p90 } = expectationOf(forecastQuantiles, Array(11).fill(250));
    expect([p10, Math.round(p50 * 1e6) / 1e6, p90]).toEqual([250, 250, 250]);
  });

  test("adds centres, and widens less than adding the edges would", () => {
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 30 }), (rows) => {
        const steps = rows.map((values) => expectationOf(forecastQuantiles, values));
        const sum = sumExpectations(steps);
        const total = (pick: (step: (typeof steps)[number]) => number) =>
          steps.reduce((running, step) => running + pick(step), 0);
        const slack = 1e-6 * (1 + sum.p90);
        expect(sum.p50).toBeCloseTo(total((step) => step.p50));
        expect(sum.p10).toBeGreaterThanOrEqual(total((step) => step.p10) - slack);
        expect(sum.p90).toBeLessThanOrEqual(total((step) => step.p90) + slack);
      }),
    );
  });

  test("until an instant grows with it and counts a begun step by its elapsed part", () => {
    const steps = forecastSteps(
      {
        starts: [0, 100],
        quantiles: [0.1, 0.5, 0.9],
        values: [
          [8, 10, 12],
          [8, 10, 12],
        ],
      },
      100,
    );
    expect(expectedUntil(steps, 0).p50).toBe(0);
    expect(expectedUntil(steps, 50).p50).toBeCloseTo(5);
    expect(expectedUntil(steps, 150).p50).toBeCloseTo(15);
    expect(expectedUntil(steps, 999).p50).toBeCloseTo(20);
  });
});
