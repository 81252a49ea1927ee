/** Histories at the edge of what can be learnt from, and what every forecast of them must be. */
import { cellQuantiles, levelCount, type QuantileForecast } from "../model.ts";
import type { Series } from "../series.ts";
import { madeSeries } from "./made-series.ts";

/** Changes each cell of a series; `undefined` shuts it. */
export function mapCells(
  series: Series,
  cellOf: (value: number, row: number, slot: number) => number | undefined,
): Series {
  const width = series.hours.length;
  const cells = Array.from(series.values, (value, cell) =>
    series.open[cell] === 1 ? cellOf(value, Math.floor(cell / width), cell % width) : undefined,
  );
  return {
    ...series,
    values: Float64Array.from(cells, (value) => value ?? 0),
    open: Uint8Array.from(cells, (value) => Number(value !== undefined)),
  };
}

/** Leaves only the first `count` hours of each day. */
export function firstHours(series: Series, count: number): Series {
  const width = series.hours.length;
  const pick = <Cells extends Float64Array | Uint8Array>(cells: Cells): Cells =>
    cells.filter((_, cell) => cell % width < count) as Cells;
  return {
    ...series,
    hours: series.hours.slice(0, count),
    values: pick(series.values),
    open: pick(series.open),
    weekMask: pick(series.weekMask),
  };
}

const shop = madeSeries({ days: 70, noise: 0.6 });

/** Histories by what is awkward about them. */
export const awkwardSeries: Readonly<Record<string, Series>> = {
  "a store of 35 days": madeSeries({ days: 35 }),
  "a store of one day": madeSeries({ days: 1 }),
  "a store that sells nothing at all": mapCells(shop, () => 0),
  "a store that sells the same every hour": mapCells(shop, () => 1234),
  "a store that is never open": mapCells(shop, () => undefined),
  "one open hour a day": firstHours(shop, 1),
  "fewer rows than a batch": firstHours(madeSeries({ days: 40 }), 2),
  "huge amounts in yen": mapCells(shop, (value) => Math.round(value * 1e10)),
  "amounts in thousandths of a dinar": mapCells(shop, (value) => Math.round(value * 1000) + 1),
  "an hour in which refunds outweigh sales": mapCells(shop, (value, _, slot) =>
    slot === 9 ? -0.2 * value : value,
  ),
  "days on which refunds outweigh sales": mapCells(shop, (value, row) =>
    row % 7 === 2 ? -value : value,
  ),
  "refunds only": mapCells(shop, (value) => -value),
  "a first day of nothing but a refund": mapCells(shop, (value, row, slot) =>
    row > 0 ? value : slot === 0 ? -50 : 0,
  ),
  "a single sale ever": mapCells(shop, (_, row, slot) => (row === 3 && slot === 4 ? 990 : 0)),
  "a store that opened again yesterday": mapCells(shop, (value, row) =>
    row < 10 || row === 69 ? value : undefined,
  ),
  "a store that dwindled to almost nothing": mapCells(shop, (value, row) =>
    row < 40 ? value * 1e6 : Number(row % 5 === 0),
  ),
};

/** Says what is wrong with a forecast: every quantile must be finite, ascending and not below zero. */
export function unsoundCells(forecast: QuantileForecast): string[] {
  const faults: string[] = [];
  for (let row = 0; row < forecast.dayCount; row++) {
    for (let slot = 0; slot < forecast.hours.length; slot++) {
      const quantiles = cellQuantiles(forecast, row, slot);
      const isSound = quantiles.every(
        (value, level) =>
          Number.isFinite(value) &&
          value >= 0 &&
          (level === 0 || value >= (quantiles[level - 1] as number)),
      );
      if (quantiles.length !== levelCount || !isSound) {
        faults.push(`day ${row}, slot ${slot}: ${[...quantiles].join(" ")}`);
      }
    }
  }
  return faults;
}
