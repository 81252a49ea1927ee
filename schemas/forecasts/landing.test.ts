import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { forecastSteps } from "./expectation.ts";
import { forecastQuantiles } from "./forecast-issued.ts";
import { landingOf, onTop, restBetween, restSpreadOf } from "./landing.ts";

const STEP_MS = 900_000;

const row = fc
  .array(fc.double({ min: 0, max: 1e6, noNaN: true }), { minLength: 11, maxLength: 11 })
  .map((values) => values.toSorted((a, b) => a - b));

/** Any forecast of up to a day, issued anywhere in it, with a landing that fits it or does not. */
const anyForecast = fc
  .record({ rows: fc.array(row, { maxLength: 100 }), cutoff: fc.nat(100), landing: fc.option(row) })
  .map(({ rows, cutoff, landing }) => ({
    starts: rows.map((_, index) => index * STEP_MS),
    quantiles: forecastQuantiles,
    values: rows,
    cutoff: cutoff * STEP_MS,
    landing,
  }));
const anyMoment = fc.integer({ min: 0, max: 101 * STEP_MS });
const anyNet = fc.integer({ min: -1e7, max: 1e9 });

describe("where a day lands", () => {
  test("is never below what is counted, ordered, and ends at what is counted", () => {
    fc.assert(
      fc.property(anyForecast, anyMoment, anyNet, (forecast, from, counted) => {
        const landing = landingOf(forecast, STEP_MS, { counted, from });
        const { low, p10, p50, p90, high } = landing;
        expect(low).toBeGreaterThanOrEqual(counted);
        expect([low, p10, p50, p90, high]).toEqual(
          [low, p10, p50, p90, high].toSorted((a, b) => a - b),
        );
        const end = landingOf(forecast, STEP_MS, { counted, from: 102 * STEP_MS });
        expect(new Set(Object.values(end))).toEqual(new Set([counted]));
      }),
    );
  });

  test("moves with every sale between two issues, by just as much", () => {
    fc.assert(
      fc.property(anyForecast, anyMoment, anyNet, fc.nat(1e6), (forecast, from, counted, sale) => {
        const before = landingOf(forecast, STEP_MS, { counted, from });
        const after = landingOf(forecast, STEP_MS, { counted: counted + sale, from });
        expect(after.p50 - before.p50).toBeCloseTo(sale, 3);
      }),
    );
  });

  test("takes the spread of the rest of the day from the issue, and its centre from the steps", () => {
    const values = [0, 1].map(() => forecastQuantiles.map((level) => 100 * level));
    const starts = [0, STEP_MS];
    const steps = { starts, quantiles: forecastQuantiles, values };
    const wide = { ...steps, cutoff: 0, landing: forecastQuantiles.map((level) => 400 * level) };
    const plain = landingOf({ ...wide, landing: null }, STEP_MS, { counted: 0, from: 0 });
    const landing = landingOf(wide, STEP_MS, { counted: 0, from: 0 });
    expect(landing.p50).toBeCloseTo(100);
    expect(plain.p50).toBeCloseTo(100);
    expect(landing.p90 - landing.p50).toBeCloseTo(160);
    expect(plain.p90 - plain.p50).toBeLessThan(80);
  });

  test("is the end of the fan that starts at what is counted", () => {
    fc.assert(
      fc.property(anyForecast, anyMoment, anyNet, (forecast, from, counted) => {
        const steps = forecastSteps(forecast, STEP_MS);
        const spread = restSpreadOf(forecast, steps);
        const fan = (until: number) => onTop(counted, restBetween(steps, spread, from, until));
        expect(new Set(Object.values(fan(from)))).toEqual(new Set([counted]));
        expect(fan(101 * STEP_MS)).toEqual(landingOf(forecast, STEP_MS, { counted, from }));
      }),
    );
  });
});
