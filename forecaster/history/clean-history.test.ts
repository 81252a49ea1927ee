import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { cellMedian, type ForecastModel, type QuantileForecast } from "../model.ts";
import { baseline } from "../models/baseline.ts";
import { trainingSettings, trainNetwork } from "../network/train-network.ts";
import { trainedNetwork } from "../network/trained-network.ts";
import { trainingRows } from "../network/training-rows.ts";
import { type Series, untilDay } from "../series.ts";
import { mapCells } from "../testing/awkward-series.ts";
import { madeSeries } from "../testing/made-series.ts";
import { cleanHistory } from "./clean-history.ts";
import { findMarks } from "./find-marks.ts";
import { findLevelShift } from "./follow-level.ts";

const shop = madeSeries({ days: 140, noise: 0.8 });
const width = shop.hours.length;
const weekAgo = shop.dayCount - 7;

async function forecastOf(model: ForecastModel, series: Series): Promise<QuantileForecast> {
  return (await model.fit([series])).predict(7)[0] as QuantileForecast;
}
const dayTotal = (forecast: QuantileForecast, row: number): number =>
  shop.hours.reduce((sum, _, slot) => sum + cellMedian(forecast, row, slot), 0);
const weekTotal = (forecast: QuantileForecast): number =>
  Array.from({ length: 7 }, (_, row) => dayTotal(forecast, row)).reduce((a, b) => a + b, 0);

const models: [string, () => Promise<ForecastModel>][] = [
  ["the baseline", async () => baseline()],
  [
    "a network",
    async () => {
      const settings = { ...trainingSettings, epochs: 3, hidden: 16 };
      const rows = trainingRows([untilDay(shop, 120)]);
      return trainedNetwork((await trainNetwork(rows, settings)).weights);
    },
  ],
];

describe.each(models)("%s", (_, make) => {
  test("learns nothing from an hour that was booked at 30 times its amount", async () => {
    const model = await make();
    const usual = await forecastOf(model, shop);
    const booked = mapCells(shop, (value, row, slot) =>
      row === weekAgo && slot === 4 ? 30 * value : value,
    );
    const forecast = await forecastOf(model, booked);
    expect(cellMedian(forecast, 0, 4) / cellMedian(usual, 0, 4)).toBeLessThan(1.1);
    expect(Math.abs(weekTotal(forecast) / weekTotal(usual) - 1)).toBeLessThan(0.01);
  });

  test("learns nothing from half a day that an outage took", async () => {
    const model = await make();
    const usual = await forecastOf(model, shop);
    const lost = mapCells(shop, (value, row, slot) => (row === weekAgo && slot >= 5 ? 0 : value));
    const forecast = await forecastOf(model, lost);
    expect(Math.abs(dayTotal(forecast, 0) / dayTotal(usual, 0) - 1)).toBeLessThan(0.03);
  });

  test.each([
    [14, 0.6],
    [28, 0.53],
  ])("follows sales that were halved %i days ago", async (days, most) => {
    const model = await make();
    const usual = weekTotal(await forecastOf(model, shop));
    const halved = mapCells(shop, (value, row) =>
      row >= shop.dayCount - days ? value / 2 : value,
    );
    const ratio = weekTotal(await forecastOf(model, halved)) / usual;
    expect(ratio).toBeGreaterThan(0.45);
    expect(ratio).toBeLessThanOrEqual(most);
  });
});

describe("what is taken for a mark", () => {
  test("a usual history has none, and stays the very same", () => {
    expect(findMarks(shop)).toEqual([]);
    expect(cleanHistory(shop)).toBe(shop);
  });

  test("each is named by its kind, day and hours", () => {
    const marked = mapCells(shop, (value, row, slot) => {
      if (row === 60 && slot === 2) return 40 * value;
      return row === 90 && slot >= 3 && slot < 8 ? 0 : value;
    });
    expect(findMarks(marked)).toEqual([
      { kind: "spike", row: 60, from: 2, to: 3 },
      { kind: "outage", row: 90, from: 3, to: 8 },
    ]);
    const clean = cleanHistory(marked);
    const total = (series: Series, row: number) =>
      series.values.subarray(row * width, (row + 1) * width).reduce((a, b) => a + b, 0);
    for (const row of [60, 90]) {
      expect(Math.abs(total(clean, row) / total(shop, row) - 1)).toBeLessThan(0.25);
    }
    expect(cleanHistory(clean)).toBe(clean);
  });

  test("an hour that has stopped selling is no outage once it did so for weeks", () => {
    const closesEarly = mapCells(shop, (value, row, slot) => (row >= 112 && slot >= 5 ? 0 : value));
    expect(findMarks(closesEarly).filter(({ row }) => row >= 120)).toEqual([]);
  });

  test("a shop of which more than half of the hours are empty has no outages", () => {
    const sparse = mapCells(shop, (value, row, slot) => ((row * 7 + slot * 5) % 9 < 5 ? 0 : value));
    expect(findMarks(sparse)).toEqual([]);
  });

  test("a holiday that ended early is no outage", () => {
    const early = mapCells(shop, (value, row, slot) => (row === 20 && slot >= 4 ? 0 : value));
    expect(findMarks(early)).toHaveLength(1);
    expect(findMarks({ ...early, holidays: new Set(["2026-01-25"]) })).toEqual([]);
  });
});

test("a level that stays is no shift, whatever the noise and the weekend", () => {
  for (let seed = 1; seed <= 20; seed++) {
    expect(findLevelShift(madeSeries({ days: 120, noise: 1, seed }))).toBeUndefined();
  }
});

test("what comes after the end changes nothing before it", () => {
  const cut = fc.integer({ min: 40, max: 139 });
  const amount = fc.integer({ min: 0, max: 1_000_000 });
  fc.assert(
    fc.property(cut, amount, (days, value) => {
      const changed = { ...shop, values: shop.values.slice().fill(value, days * width) };
      const [one, other] = [untilDay(shop, days), untilDay(changed, days)].map(cleanHistory);
      expect(other?.values).toEqual(one?.values);
    }),
    { numRuns: 40 },
  );
});
