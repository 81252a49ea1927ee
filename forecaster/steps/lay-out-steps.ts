/** Lays a forecast by hour slots onto a store's clock: quarters, hours and days as instants. */
import {
  type CloseoutHistory,
  daysBetween,
  hoursOfBusinessDay,
  localMinuteOfDay,
  slotsOfBusinessDay,
  WINDOW_MS,
} from "@tillcast/schemas";
import { cellQuantiles, type QuantileForecast } from "../model.ts";
import type { Series } from "../series.ts";
import type { QuarterProfile } from "./quarter-profile.ts";
import { type StepValues, spreadStep, stepMean, storedLevels, zeroStep } from "./step-values.ts";
import { restOfDaySpread } from "./total-spread.ts";

/** Where a store's day lies in time. */
export interface StoreTime {
  readonly timeZone: string;
  readonly closeouts: CloseoutHistory;
}

/** Steps in time order, each with its values. */
export interface LaidOutSteps {
  readonly starts: readonly number[];
  readonly values: readonly StepValues[];
}

/** The quarters of one business day, the whole of it, closed hours with zeros. */
export function quartersOfDay(
  forecast: QuantileForecast,
  businessDate: string,
  store: StoreTime,
  profile: QuarterProfile,
): LaidOutSteps {
  const hours = hourMeans(forecast, businessDate);
  const starts = slotsOfBusinessDay(businessDate, store.timeZone, store.closeouts, WINDOW_MS);
  const values = starts.map((start) => {
    const minute = localMinuteOfDay(start, store.timeZone);
    const hour = Math.floor(minute / 60);
    const mean = hours.get(hour) ?? 0;
    if (mean <= 0) return zeroStep;
    const expected = mean * profile.shareOf(hour, Math.floor((minute % 60) / 15));
    return spreadStep(expected, profile.spreadOf(expected));
  });
  return { starts, values };
}

/**
 * The hours of one business day. An hour that a closeout cuts in two has a part at either end of the day, each with the
 * share of its quarters; one that the clock repeats comes twice, one that it skips not at all.
 */
export function hoursOfDay(
  forecast: QuantileForecast,
  businessDate: string,
  store: StoreTime,
  profile: QuarterProfile,
): LaidOutSteps {
  const row = rowOf(forecast, businessDate);
  const starts = hoursOfBusinessDay(businessDate, store.timeZone, store.closeouts);
  const shares = hourShares(starts, businessDate, store, profile);
  const values = starts.map((start, index) => {
    const hour = Math.floor(localMinuteOfDay(start, store.timeZone) / 60);
    const slot = forecast.hours.indexOf(hour);
    if (slot === -1) return zeroStep;
    const share = shares[index] as number;
    return storedLevels(cellQuantiles(forecast, row, slot)).map((value) => value * share);
  });
  return { starts, values };
}

/** How much of its local hour each step holds, by the shares of the quarters in it. */
function hourShares(
  starts: readonly number[],
  businessDate: string,
  store: StoreTime,
  profile: QuarterProfile,
): number[] {
  const shares = starts.map(() => 0);
  let step = 0;
  for (const quarter of slotsOfBusinessDay(
    businessDate,
    store.timeZone,
    store.closeouts,
    WINDOW_MS,
  )) {
    while (quarter >= (starts[step + 1] ?? Number.POSITIVE_INFINITY)) step++;
    const minute = localMinuteOfDay(quarter, store.timeZone);
    const share = profile.shareOf(Math.floor(minute / 60), Math.floor((minute % 60) / 15));
    shares[step] = (shares[step] as number) + share;
  }
  return shares;
}

/** The distribution of a whole business day's net: the sum of its hours' means under the spread of whole days. */
export function totalOfDay(hours: LaidOutSteps, series: Series): StepValues {
  const centre = hours.values.reduce((sum, hour) => sum + stepMean(hour), 0);
  return spreadStep(centre, restOfDaySpread(series, 0));
}

/**
 * The day's end as seen at `cutoff`: what was sold before it, plus the quarters from then on under
 * the spread that the rests of days have shown. The ratio of the day so far is not carried forward:
 * measured, that made the rest of the day worse (.183 to .265 at a quarter of the day).
 */
export function landingOfDay(
  quarters: LaidOutSteps,
  cutoff: number,
  soldSoFar: number,
  series: Series,
  store: StoreTime,
): StepValues {
  let rest = 0;
  let firstHour: number | undefined;
  for (const [index, start] of quarters.starts.entries()) {
    const mean = stepMean(quarters.values[index] as StepValues);
    if (start < cutoff || mean <= 0) continue;
    firstHour ??= Math.floor(localMinuteOfDay(start, store.timeZone) / 60);
    rest += mean;
  }
  if (firstHour === undefined) return zeroStep.map(() => soldSoFar);
  const fromSlot = Math.max(0, series.hours.indexOf(firstHour));
  return spreadStep(rest, restOfDaySpread(series, fromSlot)).map((value) => soldSoFar + value);
}

function hourMeans(forecast: QuantileForecast, businessDate: string): Map<number, number> {
  const row = rowOf(forecast, businessDate);
  return new Map(
    forecast.hours.map((hour, slot) => [
      hour,
      stepMean(storedLevels(cellQuantiles(forecast, row, slot))),
    ]),
  );
}

function rowOf(forecast: QuantileForecast, businessDate: string): number {
  const row = daysBetween(forecast.firstDate, businessDate);
  if (row < 0 || row >= forecast.dayCount) {
    throw new RangeError(`The forecast from ${forecast.firstDate} does not reach ${businessDate}.`);
  }
  return row;
}
