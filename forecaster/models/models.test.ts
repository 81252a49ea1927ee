import { expect, test } from "vitest";
import { backtestModel, rollingFolds } from "../backtest.ts";
import { cellMedian, cellQuantiles, type ForecastModel } from "../model.ts";
import { lastDays, type Series, untilDay } from "../series.ts";
import { madeSeries } from "../testing/made-series.ts";
import { dailySeasonEts } from "./daily-season-ets.ts";
import { sameHourMeans } from "./same-hour-means.ts";
import { seasonalNaive } from "./seasonal-naive.ts";

const models: ForecastModel[] = [seasonalNaive(), sameHourMeans(), dailySeasonEts()];

test.each(models)(
  "$name gives ascending, finite quantiles that are never negative",
  async (model) => {
    const series = madeSeries({ noise: 0.8 });
    const [forecast] = (await model.fit([series])).predict(7);
    for (let row = 0; row < 7; row++) {
      for (let slot = 0; slot < series.hours.length; slot++) {
        const quantiles = [...cellQuantiles(forecast as never, row, slot)];
        expect(quantiles.every((value) => Number.isFinite(value) && value >= 0)).toBe(true);
        expect([...quantiles].sort((a, b) => a - b)).toEqual(quantiles);
      }
    }
  },
);

test.each(models)("$name never looks past its cutoff", async (model) => {
  const series = madeSeries();
  const changed: Series = { ...series, values: series.values.slice() };
  changed.values.fill(9e9, 100 * series.hours.length);
  const [honest] = (await model.fit([untilDay(series, 100)])).predict(7);
  const [other] = (await model.fit([untilDay(changed, 100)])).predict(7);
  expect(other?.quantiles).toEqual(honest?.quantiles);
});

test.each(models)("$name forecasts nothing on a weekday that is always closed", async (model) => {
  const series = madeSeries({ closedWeekday: 1 });
  const [forecast] = (await model.fit([series])).predict(7);
  const total = (row: number) =>
    series.hours.reduce((sum, _, slot) => sum + cellMedian(forecast as never, row, slot), 0);
  const totals = Array.from({ length: 7 }, (_, row) => total(row));
  expect(totals.filter((value) => value === 0)).toHaveLength(1);
});

test.each(models)("$name answers for a store that opened yesterday", async (model) => {
  const [forecast] = (await model.fit([lastDays(madeSeries(), 1)])).predict(7);
  expect(forecast?.quantiles.every(Number.isFinite)).toBe(true);
});

test("seasonal naive repeats last week exactly when nothing is random", async () => {
  const series = madeSeries({ noise: 0, days: 56 });
  const scores = await backtestModel(seasonalNaive(), [series], { folds: 2, horizonDays: 7 });
  expect(scores.get("shop")?.wape).toBeCloseTo(0, 9);
});

test("same-hour means beat seasonal naive on a noisy steady shop", async () => {
  const series = madeSeries({ noise: 0.9, days: 140 });
  const options = { folds: 4, horizonDays: 7 };
  const naive = (await backtestModel(seasonalNaive(), [series], options)).get("shop");
  const means = (await backtestModel(sameHourMeans(), [series], options)).get("shop");
  expect(means?.wql).toBeLessThan(naive?.wql as number);
  expect(means?.coverage80).toBeGreaterThan(0.7);
});

test("with two weeks of history, a daily season beats the same hour of the week", async () => {
  const series = lastDays(madeSeries({ noise: 1, seed: 5 }), 17);
  const options = { folds: 1, horizonDays: 7 };
  const means = (await backtestModel(sameHourMeans(), [series], options)).get("shop");
  const ets = (await backtestModel(dailySeasonEts(), [series], options)).get("shop");
  expect(ets?.wql).toBeLessThan(means?.wql as number);
});

test("folds lie end to end and stop with the series", () => {
  expect(rollingFolds(100, 4, 7).map((fold) => fold.cutoff)).toEqual([72, 79, 86, 93]);
});
