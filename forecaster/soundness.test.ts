import { addDays, forecastQuantiles } from "@tillcast/schemas";
import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import type { ForecastModel, QuantileForecast } from "./model.ts";
import { baseline } from "./models/baseline.ts";
import { dailySeasonEts } from "./models/daily-season-ets.ts";
import { sameHourMeans } from "./models/same-hour-means.ts";
import { seasonalNaive } from "./models/seasonal-naive.ts";
import { startTensors } from "./network/tensor-runtime.ts";
import { trainInWorker } from "./network/train-in-worker.ts";
import { trainingSettings, trainNetwork } from "./network/train-network.ts";
import { trainedNetwork } from "./network/trained-network.ts";
import { trainingRows } from "./network/training-rows.ts";
import { isFiniteNetwork, type NetworkWeights } from "./network/weights.ts";
import type { Series } from "./series.ts";
import { hoursOfDay, landingOfDay, quartersOfDay, totalOfDay } from "./steps/lay-out-steps.ts";
import { learnQuarterProfile } from "./steps/quarter-profile.ts";
import { awkwardSeries, unsoundCells } from "./testing/awkward-series.ts";
import { madeSeries } from "./testing/made-series.ts";

const quick = { ...trainingSettings, epochs: 2, hidden: 12 };
const awkward = Object.entries(awkwardSeries);

let usualWeights: NetworkWeights;
let models: ForecastModel[];

beforeAll(async () => {
  await startTensors();
  usualWeights = (await trainNetwork(trainingRows([madeSeries({ days: 90 })]), quick)).weights;
  models = [
    seasonalNaive(),
    sameHourMeans(),
    dailySeasonEts(),
    baseline(),
    trainedNetwork(usualWeights),
  ];
});

async function forecastOf(model: ForecastModel, series: Series): Promise<QuantileForecast> {
  return (await model.fit([series])).predict(8)[0] as QuantileForecast;
}

describe.each(awkward)("%s", (_, series) => {
  test("is forecast with finite, ascending quantiles, by every model and on every grain", async () => {
    for (const model of models) {
      const forecast = await forecastOf(model, series);
      expect(unsoundCells(forecast), model.name).toEqual([]);
      expect(unsoundSteps(series, forecast), model.name).toEqual([]);
    }
  });

  test("teaches a network finite weights, alone and beside a usual store, or nothing at all", async () => {
    for (const stores of [[series], [series, madeSeries({ days: 60 })]]) {
      const rows = trainingRows(stores);
      if (rows.count === 0) continue;
      const { weights, loss } = await trainNetwork(rows, quick);
      expect(Number.isFinite(loss)).toBe(true);
      expect(isFiniteNetwork(weights)).toBe(true);
      for (const one of stores) {
        expect(unsoundCells(await forecastOf(trainedNetwork(weights), one))).toEqual([]);
      }
    }
  });
});

test("any history whatever is forecast with finite, ascending quantiles", async () => {
  const amount = fc.oneof(
    fc.constant(0),
    fc.integer({ min: -2_000, max: 20_000 }),
    fc.double({ min: -1e13, max: 1e13, noNaN: true }),
  );
  const anySeries = fc
    .record({ days: fc.integer({ min: 1, max: 75 }), width: fc.integer({ min: 1, max: 4 }) })
    .chain(({ days, width }) =>
      fc.record({
        width: fc.constant(width),
        days: fc.constant(days),
        values: fc.array(amount, { minLength: days * width, maxLength: days * width }),
        open: fc.array(fc.boolean(), { minLength: days * width, maxLength: days * width }),
        weekMask: fc.array(fc.boolean(), { minLength: 7 * width, maxLength: 7 * width }),
      }),
    )
    .map(
      ({ width, days, values, open, weekMask }): Series => ({
        ...madeSeries({ days }),
        hours: Array.from({ length: width }, (_, slot) => slot + 10),
        values: Float64Array.from(values, (value, cell) => (open[cell] ? value : 0)),
        open: Uint8Array.from(open, Number),
        weekMask: Uint8Array.from(weekMask, Number),
      }),
    );
  await fc.assert(
    fc.asyncProperty(anySeries, async (series) => {
      for (const model of models) {
        expect(unsoundCells(await forecastOf(model, series)), model.name).toEqual([]);
      }
    }),
    { numRuns: 60 },
  );
});

test("smoothing finds its way back from a start with nothing", async () => {
  const series = awkwardSeries["a first day of nothing but a refund"] as Series;
  const forecast = await forecastOf(dailySeasonEts(), series);
  const sum = forecast.quantiles.reduce((all, value) => all + value, 0);
  expect(sum / forecast.quantiles.length).toBeGreaterThan(50);
});

test("a training that goes astray is an error with a name, and no network", async () => {
  const series = madeSeries({ days: 90 });
  const settings = { ...quick, learningRate: Number.NaN };
  await expect(trainInWorker([series], { settings })).rejects.toMatchObject({
    code: "forecastNotFinite",
  });
});

test("a training without a single row says so", async () => {
  const rows = trainingRows([awkwardSeries["a store that sells nothing at all"] as Series]);
  await expect(trainNetwork(rows, quick)).rejects.toThrow("no rows");
});

/** The quarters, hours, totals and landing of the first day that hold anything but finite numbers. */
function unsoundSteps(series: Series, forecast: QuantileForecast): string[] {
  const store = {
    timeZone: "UTC",
    closeouts: [{ effectiveFrom: "2020-01-01", closeoutMinute: 240 }],
  };
  const date = forecast.firstDate;
  const sales = Array.from(series.values, (amount, cell) => ({
    businessDate: addDays(series.firstDate, Math.floor(cell / series.hours.length)),
    hour: series.hours[cell % series.hours.length] as number,
    quarter: cell % 4,
    amount,
  }));
  const profile = learnQuarterProfile(sales);
  const quarters = quartersOfDay(forecast, date, store, profile);
  const hours = hoursOfDay(forecast, date, store, profile);
  const noon = quarters.starts[32] as number;
  const steps = {
    quarters: quarters.values,
    hours: hours.values,
    total: [totalOfDay(hours, series)],
    landing: [landingOfDay(quarters, noon, 100, series, store)],
  };
  return Object.entries(steps).flatMap(([name, values]) =>
    values
      .filter(
        (step) =>
          step.length !== forecastQuantiles.length ||
          step.some((value, level) => !(value >= (step[level - 1] ?? 0) && value < 1e300)),
      )
      .map((step) => `${name}: ${step.join(" ")}`),
  );
}
