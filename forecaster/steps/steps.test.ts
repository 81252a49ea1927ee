import { addDays, expectationOf, forecastQuantiles, sumExpectations } from "@tillcast/schemas";
import fc from "fast-check";
import { expect, test } from "vitest";
import { cellQuantiles, levelCount, type QuantileForecast } from "../model.ts";
import { sameHourMeans } from "../models/same-hour-means.ts";
import { madeSeries } from "../testing/made-series.ts";
import {
  hoursOfDay,
  landingOfDay,
  quartersOfDay,
  type StoreTime,
  totalOfDay,
} from "./lay-out-steps.ts";
import { learnQuarterProfile, type QuarterSales } from "./quarter-profile.ts";
import { type StepValues, stepMean, storedLevels } from "./step-values.ts";

const store: StoreTime = {
  timeZone: "Europe/Berlin",
  closeouts: [{ effectiveFrom: "2020-01-01", closeoutMinute: 240 }],
};
const series = madeSeries({ days: 84 });
const date = addDays(series.firstDate, 84);
const forecast = (await sameHourMeans().fit([series])).predict(7)[0] as QuantileForecast;
const windows: QuarterSales[] = Array.from({ length: 56 }, (_, day) =>
  series.hours.flatMap((hour) =>
    [0, 1, 2, 3].map((quarter) => ({
      businessDate: addDays(series.firstDate, day),
      hour,
      quarter,
      amount: ((day * 7 + hour * 3 + quarter) % 5) * (quarter + 1),
    })),
  ),
).flat();
const profile = learnQuarterProfile(windows);
const total = (steps: { values: readonly StepValues[] }) =>
  steps.values.reduce((sum, values) => sum + stepMean(values), 0);

test("quarters add up to their hours, and hours to the day", () => {
  const quarters = quartersOfDay(forecast, date, store, profile);
  const hours = hoursOfDay(forecast, date, store, profile);
  expect(quarters.starts).toHaveLength(96);
  expect(hours.starts).toHaveLength(24);
  expect(total(quarters)).toBeCloseTo(total(hours), 6);
  expect(stepMean(totalOfDay(hoursOfDay(forecast, date, store, profile), series))).toBeCloseTo(
    total(hours),
    6,
  );
});

test("the browser's sum of quarters is the day that the forecaster meant", () => {
  const quarters = quartersOfDay(forecast, date, store, profile);
  const steps = quarters.values.map((row) => expectationOf(forecastQuantiles, row));
  const day = stepMean(totalOfDay(hoursOfDay(forecast, date, store, profile), series));
  expect(Math.abs(sumExpectations(steps).p50 / day - 1)).toBeLessThan(0.05);
});

test("every step is ascending and never negative", () => {
  for (const { values } of [
    quartersOfDay(forecast, date, store, profile),
    hoursOfDay(forecast, date, store, profile),
  ]) {
    for (const step of values) {
      expect(step).toHaveLength(forecastQuantiles.length);
      expect([...step].sort((a, b) => a - b)).toEqual([...step]);
      expect(step.every((value) => value >= 0)).toBe(true);
    }
  }
});

test("a day's relative spread is narrower than its hours'", () => {
  const width = (values: StepValues) =>
    ((values[9] as number) - (values[1] as number)) / stepMean(values);
  const noon = storedLevels(cellQuantiles(forecast, 0, 1));
  expect(width(totalOfDay(hoursOfDay(forecast, date, store, profile), series))).toBeLessThan(
    width(noon),
  );
});

test("the landing closes in on what was sold as the day goes by", () => {
  const quarters = quartersOfDay(forecast, date, store, profile);
  const at = (index: number) => quarters.starts[index] as number;
  const day = total(quarters);
  const width = (values: StepValues) => (values[9] as number) - (values[1] as number);
  const morning = landingOfDay(quarters, at(0), 0, series, store);
  const evening = landingOfDay(quarters, at(60), day, series, store);
  const night = landingOfDay(quarters, at(95), 1234, series, store);
  expect(stepMean(morning)).toBeCloseTo(day, 6);
  expect(width(evening)).toBeLessThan(width(morning));
  expect(night.every((value) => value === 1234)).toBe(true);
});

test("days on which the clock changes have their own number of steps", () => {
  const at = (day: string): QuantileForecast => ({ ...forecast, firstDate: day });
  expect(quartersOfDay(at("2026-03-28"), "2026-03-28", store, profile).starts).toHaveLength(92);
  expect(hoursOfDay(at("2026-10-24"), "2026-10-24", store, profile).starts).toHaveLength(25);
});

test("means add up at every grain, in every zone, at every closeout, over every change of the clock", () => {
  const hours = Array.from({ length: 24 }, (_, hour) => hour);
  const allDay = (day: string): QuantileForecast => {
    const cells = hours.flatMap((hour) =>
      Array.from({ length: levelCount }, (_, level) => (hour + 1) * (level + 1)),
    );
    return { key: "bar", firstDate: day, dayCount: 1, hours, quantiles: Float64Array.from(cells) };
  };
  const zones = [
    "Europe/Berlin",
    "Australia/Lord_Howe",
    "Asia/Kathmandu",
    "America/St_Johns",
    "UTC",
  ];
  const days = ["2026-03-28", "2026-03-29", "2026-04-04", "2026-10-03", "2026-10-24", "2026-10-31"];
  for (const timeZone of zones) {
    for (const closeoutMinute of [0, 240, 270, 285, 1_439 - 14]) {
      const place = { timeZone, closeouts: [{ effectiveFrom: "2020-01-01", closeoutMinute }] };
      for (const day of days) {
        const known = allDay(day);
        const laidHours = hoursOfDay(known, day, place, profile);
        const sums = [
          total(quartersOfDay(known, day, place, profile)),
          total(laidHours),
          stepMean(totalOfDay(laidHours, series)),
        ];
        const apart = Math.max(...sums) - Math.min(...sums);
        expect(apart / Math.max(...sums), `${timeZone} ${closeoutMinute} ${day}`).toBeLessThan(
          1e-9,
        );
      }
    }
  }
});

test("an hour that the closeout cuts in two is laid down once, a part at either end of the day", () => {
  const place = {
    timeZone: "UTC",
    closeouts: [{ effectiveFrom: "2020-01-01", closeoutMinute: 12 * 60 + 30 }],
  };
  const { values } = hoursOfDay(forecast, date, place, profile);
  const noon = stepMean(storedLevels(cellQuantiles(forecast, 0, series.hours.indexOf(12))));
  expect(values).toHaveLength(25);
  const [first, last] = [values[0], values.at(-1)].map((step) => stepMean(step as StepValues));
  expect((first as number) + (last as number)).toBeCloseTo(noon, 9);
  expect(Math.min(first as number, last as number)).toBeGreaterThan(0);
});

test("a day beyond the forecast is refused", () => {
  expect(() => hoursOfDay(forecast, addDays(date, 7), store, profile)).toThrow("does not reach");
});

test("shares of an hour's quarters add up to one, whatever was sold", () => {
  const quarterSales = fc.record({
    businessDate: fc.constantFrom("2026-01-01", "2026-01-02", "2026-01-03"),
    hour: fc.integer({ min: 0, max: 23 }),
    quarter: fc.integer({ min: 0, max: 3 }),
    amount: fc.integer({ min: 0, max: 10_000 }),
  });
  fc.assert(
    fc.property(fc.array(quarterSales, { maxLength: 60 }), (sales) => {
      const learnt = learnQuarterProfile(sales);
      for (let hour = 0; hour < 24; hour++) {
        const sum = [0, 1, 2, 3].reduce((all, quarter) => all + learnt.shareOf(hour, quarter), 0);
        expect(sum).toBeCloseTo(1, 9);
      }
      expect(stepMean(learnt.spreadOf(100))).toBeCloseTo(1, 9);
    }),
    { numRuns: 50 },
  );
});
