/**
 * A store of a few days: its hours' means are known badly and the spread hardly at all. Both lean on what shops
 * usually show, and less with every day of trade.
 */
import { quantileLevels } from "../quantiles.ts";
import { meanOfOpen, openDays, type Series } from "../series.ts";
import { openValue } from "./forecast-cells.ts";

/** Days of trade for which an hour's usual share, that of its neighbours, counts in the hour's own. */
const shapeDays = 2;
/**
 * The squared variation of an hour in a shop whose hours differ as this one's do: a part that a whole day shares, and
 * a part that falls with the hour's size, as chance makes it. A shop of five orders an hour has .25 of the second, one
 * of one order 1.3.
 */
const dayVariation = 0.06;
const chanceVariation = 1;
/** Orders come by chance, and bills differ: what n orders bring varies by so much divided by n, squared. */
const ticketVariation = 1.3;
/** Days of trade that the usual chance counts as, beside the store's own days. */
const chanceDays = 1;
/** The squared error of a level that is known from one day. */
const levelVariation = 0.25;

/** What a store of few days is expected to sell in an hour, and how it strays. */
export interface NewStore {
  /** The expected amount of an hour, given what the store's own smoothing says. */
  meanOf(slot: number, smoothed: number): number;
  /** The quantiles of an hour in which `mean` is expected. */
  quantilesOf(mean: number): number[];
}

/** Learns from a store's first days. `states` are its smoothed hours before each row, as `bestSmoothing` has them. */
export function learnNewStore(series: Series, states: Float64Array): NewStore {
  const width = series.hours.length;
  const days = openDays(series);
  const usual = Math.max(meanOfOpen(series, 0, series.dayCount) ?? 0, 0);
  const last = states.subarray(series.dayCount * width, (series.dayCount + 1) * width);
  const ownShare = days / (days + shapeDays);
  const logChance =
    Math.log(chanceWithinDays(series, usual)) +
    (days - 1) * Math.log(chanceBetweenDays(series, states, usual)) +
    chanceDays * Math.log(chanceVariation);
  const chance = Math.exp(logChance / (days + chanceDays));
  const shared = dayVariation + levelVariation / days;
  return {
    meanOf: (slot, smoothed) => ownShare * smoothed + (1 - ownShare) * meanAround(last, slot),
    quantilesOf: (mean) => {
      if (mean <= 0 || usual <= 0) return quantileLevels.map(() => Math.max(0, mean));
      const byChance = (chance * usual) / Math.max(mean, usual / 20);
      return hourQuantiles(mean, shared + byChance, Math.exp(-ticketVariation / byChance));
    },
  };
}

/** How far the store's own hours strayed from the day before's picture, beyond what a whole day shares. */
function chanceBetweenDays(series: Series, states: Float64Array, usual: number): number {
  const width = series.hours.length;
  let strayed = 0;
  let expected = 0;
  for (let row = 1; row < series.dayCount; row++) {
    for (let slot = 0; slot < width; slot++) {
      const value = openValue(series, row, slot);
      const mean = states[row * width + slot] as number;
      if (value === undefined || mean <= 0) continue;
      strayed += (value - mean) ** 2 - dayVariation * mean * mean;
      expected += mean * usual;
    }
  }
  return boundedChance(strayed, expected);
}

/** How far hours strayed from the two beside them: one day alone tells this much, the day's shape included. */
function chanceWithinDays(series: Series, usual: number): number {
  let strayed = 0;
  let expected = 0;
  for (let row = 0; row < series.dayCount; row++) {
    for (let slot = 1; slot + 1 < series.hours.length; slot++) {
      const [before, value, after] = [-1, 0, 1].map((apart) =>
        openValue(series, row, slot + apart),
      );
      if (before === undefined || value === undefined || after === undefined) continue;
      const mean = (before + after) / 2;
      // The mean of two hours errs by half of what one hour does.
      strayed += (value - mean) ** 2 / 1.5;
      expected += ((before + value + after) / 3) * usual;
    }
  }
  return boundedChance(strayed, expected);
}

const boundedChance = (strayed: number, expected: number): number =>
  expected > 0 ? Math.min(4, Math.max(0.02, strayed / expected)) : chanceVariation;

/** The mean of an hour and the two beside it on either side, the nearer ones counting more. */
function meanAround(hours: ArrayLike<number>, slot: number): number {
  let sum = 0;
  let weights = 0;
  for (let apart = -2; apart <= 2; apart++) {
    const value = hours[slot + apart];
    if (value === undefined) continue;
    const weight = 3 - Math.abs(apart);
    sum += weight * value;
    weights += weight;
  }
  return weights === 0 ? 0 : sum / weights;
}

/**
 * The quantiles of an hour that is empty in a share of cases and otherwise follows a Weibull distribution, by its mean
 * and squared variation; the shape is Justus's approximation (1978).
 */
function hourQuantiles(mean: number, variation: number, emptyShare: number): number[] {
  const soldMean = mean / (1 - emptyShare);
  const soldVariation = Math.max(0.05, (1 + variation) * (1 - emptyShare) - 1);
  const shape = Math.min(8, Math.max(0.4, Math.sqrt(soldVariation) ** -1.086));
  const scale = soldMean / gamma(1 + 1 / shape);
  return quantileLevels.map((level) => {
    const sold = (level - emptyShare) / (1 - emptyShare);
    return sold <= 0 ? 0 : scale * (-Math.log(1 - sold)) ** (1 / shape);
  });
}

/** The gamma function for arguments of 1 and more, by Stirling's series after a shift (error below 1e-6). */
function gamma(x: number): number {
  let shift = 1;
  let y = x;
  while (y < 7) shift *= y++;
  const series = 1 + 1 / (12 * y) + 1 / (288 * y * y);
  return (Math.sqrt((2 * Math.PI) / y) * (y / Math.E) ** y * series) / shift;
}
