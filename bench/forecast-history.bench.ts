/** What single days do to a forecast: the bad day injected a week or more ago, and how the forecast moves. */
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { addCells, type ScoredCells, scoreQuantiles } from "../forecaster/backtest.ts";
import { readHourlyStores } from "../forecaster/datasets/hourly-stores.ts";
import { cellQuantiles, type ForecastModel, type QuantileForecast } from "../forecaster/model.ts";
import { baseline } from "../forecaster/models/baseline.ts";
import { networkModel } from "../forecaster/network/network-model.ts";
import { type Series, untilDay } from "../forecaster/series.ts";

const dataDir = fileURLToPath(new URL("../../shared/data/", import.meta.url));
const origins = 26;
/** Origins at which days are injected, two weeks apart; a network is trained for each forecast. */
const injectedAt = { baseline: 6, network: 2 } as const;

/** Changes the values of a history. */
type Injection = (values: Float64Array, series: Series) => void;

/** A weekday that all three shops trade on, five days before the origin. */
const daysBefore = 5;
const rowOf = (series: Series): number => series.dayCount - daysBefore;

const injections = (slot: number): Readonly<Record<string, Injection>> => ({
  "an hour at 30 times its mean": (values, series) => {
    values[rowOf(series) * series.hours.length + slot] = 30 * meanHour(series);
  },
  "half a day without sales": (values, series) => {
    const width = series.hours.length;
    values.fill(0, rowOf(series) * width + (width >> 1), (rowOf(series) + 1) * width);
  },
  "half the sales for 14 days": halveFor(14),
  "half the sales for 28 days": halveFor(28),
});

function halveFor(days: number): Injection {
  return (values, series) => {
    const from = (series.dayCount - days) * series.hours.length;
    for (let cell = from; cell < values.length; cell++) values[cell] = (values[cell] as number) / 2;
  };
}

/** Prints each shop's loss on untouched days, and the ratio of the forecast with the injected days to the one without. */
export default async function benchForecastHistory(): Promise<Record<string, unknown>> {
  if (!existsSync(`${dataDir}hourly-stores.json`))
    return { skipped: "the sales data are not here" };
  const stores = await readHourlyStores(dataDir);
  const figures: Record<string, unknown> = {};
  for (const store of stores) {
    figures[`${store.key}: WQL untouched, baseline`] = (await lossOf(baseline(), store)).toFixed(4);
  }
  for (const model of [baseline(), networkModel()]) {
    for (const store of stores) {
      for (const [name, ratio] of await ratiosOf(model, store)) {
        figures[`${store.key}, ${model.name}: ${name}`] = ratio;
      }
    }
  }
  return figures;
}

async function lossOf(model: ForecastModel, store: Series): Promise<number> {
  const cells: ScoredCells = { actual: [], quantiles: [], scaledErrors: [] };
  for (let week = origins; week > 0; week--) {
    const cutoff = store.dayCount - 7 * week;
    addCells(cells, store, cutoff, await forecastOf(model, untilDay(store, cutoff)));
  }
  return scoreQuantiles(cells).wql;
}

async function ratiosOf(model: ForecastModel, store: Series): Promise<Map<string, string>> {
  const sums = new Map<string, number[]>();
  const count = injectedAt[model.name === "network" ? "network" : "baseline"];
  for (let index = 1; index <= count; index++) {
    const past = untilDay(store, store.dayCount - 14 * index);
    const usual = await forecastOf(model, past);
    const slot = busiestSlot(usual);
    const day = 7 - daysBefore;
    const isShut = hourMean(usual, day, slot) === 0;
    for (const [name, inject] of Object.entries(injections(slot))) {
      if (isShut && !name.startsWith("half the sales")) continue;
      const values = past.values.slice();
      inject(values, past);
      const forecast = await forecastOf(model, { ...past, values });
      const parts: [string, number][] = [
        [`${name}, its week`, weekMean(forecast) / weekMean(usual)],
      ];
      if (name.startsWith("an hour")) {
        const ratio = hourMean(forecast, day, slot) / hourMean(usual, day, slot);
        parts.push([`${name}, the hour`, ratio]);
      }
      if (name.startsWith("half a day")) {
        parts.push([`${name}, that half`, lateMean(forecast, day) / lateMean(usual, day)]);
      }
      for (const [part, ratio] of parts) sums.set(part, [...(sums.get(part) ?? []), ratio]);
    }
  }
  return new Map(
    [...sums].map(([name, ratios]) => [
      name,
      (ratios.reduce((sum, one) => sum + one, 0) / ratios.length).toFixed(3),
    ]),
  );
}

async function forecastOf(model: ForecastModel, series: Series): Promise<QuantileForecast> {
  return (await model.fit([series])).predict(7)[0] as QuantileForecast;
}

const meanHour = ({ values, open }: Series): number =>
  values.reduce((sum, value) => sum + value, 0) / open.reduce((sum, one) => sum + one, 0);

function hourMean(forecast: QuantileForecast, row: number, slot: number): number {
  const quantiles = cellQuantiles(forecast, row, slot);
  return quantiles.reduce((sum, value) => sum + value, 0) / quantiles.length;
}

const slotsOf = ({ hours }: QuantileForecast): number[] => hours.map((_, slot) => slot);

const dayMean = (forecast: QuantileForecast, row: number, slots: readonly number[]): number =>
  slots.reduce((sum, slot) => sum + hourMean(forecast, row, slot), 0);

const lateMean = (forecast: QuantileForecast, row: number): number =>
  dayMean(forecast, row, slotsOf(forecast).slice(forecast.hours.length >> 1));

const weekMean = (forecast: QuantileForecast): number =>
  [0, 1, 2, 3, 4, 5, 6].reduce((sum, row) => sum + dayMean(forecast, row, slotsOf(forecast)), 0);

function busiestSlot(forecast: QuantileForecast): number {
  const day = 7 - daysBefore;
  return slotsOf(forecast).reduce((best, slot) =>
    hourMean(forecast, day, slot) > hourMean(forecast, day, best) ? slot : best,
  );
}
