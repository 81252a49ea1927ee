/** How well the bands of a new store hold: each shop cut to its first days at many moments, its next week scored. */
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { readHourlyStores } from "../forecaster/datasets/hourly-stores.ts";
import { weightedQuantileLoss } from "../forecaster/metrics.ts";
import { cellQuantiles, type QuantileForecast } from "../forecaster/model.ts";
import { baseline } from "../forecaster/models/baseline.ts";
import { quantileLevels } from "../forecaster/quantiles.ts";
import { seededRandom } from "../forecaster/random.ts";
import { lastDays, openDays, type Series, untilDay } from "../forecaster/series.ts";

const dataDir = fileURLToPath(new URL("../../shared/data/", import.meta.url));
/** Days known, from and to. */
const knownDays = [
  [1, 1],
  [2, 3],
  [4, 7],
  [8, 14],
  [15, 27],
] as const;
const startEveryDays = 9;
const horizonDays = 7;

/** Prints coverage of the 80 % band (ties at zero fall by chance, seeded) and the loss, by shop and days known. */
export default async function benchForecastNewStore(): Promise<Record<string, unknown>> {
  if (!existsSync(`${dataDir}hourly-stores.json`))
    return { skipped: "the sales data are not here" };
  const figures: Record<string, unknown> = {};
  for (const store of await readHourlyStores(dataDir)) {
    for (const [from, to] of knownDays) {
      const { inside, loss, hours } = await scoreOf(store, from, to);
      figures[`${store.key}: ${from} to ${to} days known`] =
        `coverage ${inside.toFixed(3)}, WQL ${loss.toFixed(4)}, ${hours} hours`;
    }
  }
  return figures;
}

async function scoreOf(store: Series, from: number, to: number) {
  const random = seededRandom(3);
  const actual: number[] = [];
  const forecasts: Float64Array[] = [];
  let inside = 0;
  const step = Math.max(1, Math.floor((to - from) / 2));
  for (let start = 10; start + to + horizonDays < store.dayCount; start += startEveryDays) {
    for (let known = from; known <= to; known += step) {
      const past = lastDays(untilDay(store, start + known), known);
      if (openDays(past) === 0) continue;
      const forecast = (await baseline().fit([past])).predict(horizonDays)[0] as QuantileForecast;
      for (let cell = 0; cell < horizonDays * store.hours.length; cell++) {
        const at = (start + known) * store.hours.length + cell;
        if (store.open[at] !== 1) continue;
        const row = Math.floor(cell / store.hours.length);
        const quantiles = cellQuantiles(forecast, row, cell % store.hours.length);
        const value = store.values[at] as number;
        const level = levelOf(value, quantiles, random);
        inside += Number(level >= 0.1 && level <= 0.9);
        actual.push(value);
        forecasts.push(quantiles);
      }
    }
  }
  const loss = weightedQuantileLoss(actual, forecasts, quantileLevels);
  return { inside: inside / actual.length, loss, hours: actual.length };
}

/** Where in a forecast a value lies; anywhere among the levels that forecast exactly it. */
function levelOf(value: number, quantiles: Float64Array, random: () => number): number {
  const below = quantiles.filter((quantile) => quantile < value).length;
  const upTo = quantiles.filter((quantile) => quantile <= value).length;
  const low = below === 0 ? 0 : (quantileLevels[below - 1] as number);
  const high = upTo === quantiles.length ? 1 : (quantileLevels[upTo] as number);
  return low + random() * (high - low);
}
