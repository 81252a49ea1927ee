import { describe, expect, test } from "vitest";
import { cellQuantiles, type QuantileForecast } from "../model.ts";
import { quantileLevels } from "../quantiles.ts";
import { seededRandom } from "../random.ts";
import { lastDays, type Series, untilDay } from "../series.ts";
import { mapCells } from "../testing/awkward-series.ts";
import { madeSeries } from "../testing/made-series.ts";
import { baseline } from "./baseline.ts";

/** A shop whose orders come by chance: so many an hour in the mean, of 20 each in the mean. */
function shopOf(ordersAnHour: number, seed: number): Series {
  const random = seededRandom(seed);
  const count = (mean: number): number => {
    let left = Math.exp(-mean);
    let orders = 0;
    for (let draw = random(); draw > left && orders < 200; orders++) {
      draw -= left;
      left *= mean / (orders + 1);
    }
    return orders;
  };
  return mapCells(madeSeries({ days: 90, noise: 0.2, level: ordersAnHour, seed }), (mean) => {
    let sold = 0;
    for (let orders = count(mean); orders > 0; orders--) sold += -20 * Math.log(1 - random());
    return Math.round(sold);
  });
}

/** The share of the next week's hours inside the band of 80 %, known days by known days; ties at zero fall by chance. */
async function coverage(series: Series, known: number): Promise<number> {
  const random = seededRandom(9);
  let inside = 0;
  let count = 0;
  for (let start = 0; start + known + 7 <= series.dayCount; start += 3) {
    const past = lastDays(untilDay(series, start + known), known);
    const forecast = (await baseline().fit([past])).predict(7)[0] as QuantileForecast;
    for (let row = 0; row < 7; row++) {
      for (let slot = 0; slot < series.hours.length; slot++) {
        const cell = (start + known + row) * series.hours.length + slot;
        const level = levelOf(
          series.values[cell] as number,
          cellQuantiles(forecast, row, slot),
          random,
        );
        inside += Number(level >= 0.1 && level <= 0.9);
        count++;
      }
    }
  }
  return inside / count;
}

/** Where in a forecast a value lies; anywhere among the levels that forecast exactly it. */
function levelOf(value: number, quantiles: Float64Array, random: () => number): number {
  const below = quantileLevels.filter((_, column) => (quantiles[column] as number) < value).length;
  const upTo = quantileLevels.filter((_, column) => (quantiles[column] as number) <= value).length;
  const low = below === 0 ? 0 : (quantileLevels[below - 1] as number);
  const high = upTo === quantileLevels.length ? 1 : (quantileLevels[upTo] as number);
  return low + random() * (high - low);
}

describe.each([
  ["a busy shop", 12],
  ["a small shop", 4],
  ["a shop with more empty hours than others", 0.8],
])("%s", (_, orders) => {
  test.each([
    [1, 0.65],
    [3, 0.65],
    [7, 0.7],
    [14, 0.72],
    [21, 0.74],
  ])("of %i days has a band that holds about as much as it says", async (known, least) => {
    const shares = await Promise.all(
      [1, 2, 3].map((seed) => coverage(shopOf(orders, seed), known)),
    );
    const mean = shares.reduce((sum, share) => sum + share, 0) / shares.length;
    expect(mean).toBeGreaterThan(least);
    expect(mean).toBeLessThan(0.95);
  });
});

test("the bands of stores narrow with their days", async () => {
  const widthAfter = async (known: number): Promise<number> => {
    let sum = 0;
    for (let seed = 1; seed <= 12; seed++) {
      const series = shopOf(6, seed);
      const past = lastDays(untilDay(series, 40), known);
      const forecast = (await baseline().fit([past])).predict(1)[0] as QuantileForecast;
      for (let slot = 0; slot < series.hours.length; slot++) {
        const quantiles = cellQuantiles(forecast, 0, slot);
        sum += ((quantiles[17] as number) - (quantiles[1] as number)) / (quantiles[9] as number);
      }
    }
    return sum;
  };
  const widths = [await widthAfter(1), await widthAfter(5), await widthAfter(21)];
  expect(widths[0]).toBeGreaterThan(widths[1] as number);
  expect(widths[1]).toBeGreaterThan(widths[2] as number);
});
