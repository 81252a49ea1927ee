/**
 * Exponential smoothing with a season of one day: a level for the day and a share for each hour.
 * It learns from a handful of days, so it serves stores that have less than four weeks of history,
 * where anything pooled by hour of the week does badly (weighted quantile loss .29 against .54).
 */
import type { ForecastModel, QuantileForecast } from "../model.ts";
import { empiricalQuantiles, spreadAround } from "../quantiles.ts";
import { meanOfOpen, openDays, type Series } from "../series.ts";
import { fillForecast, levelFloor, openValue } from "./forecast-cells.ts";
import { learnNewStore } from "./new-store.ts";

/** Smoothing weights tried, in pairs. */
const levelWeights = [0.02, 0.05, 0.1, 0.2, 0.35] as const;
const shapeWeights = [0.02, 0.05, 0.1, 0.2] as const;
/** So many of the best pairs are averaged: steadier than the best alone (bakery .5157 to .5067). */
const keptPairs = 5;
/** How far ahead the errors are taken that become the spread. */
const errorLeadsDays = [1, 3, 7] as const;
const residualDays = 180;
/** A day counts as at most this many of the days before, and below the least its shape says nothing. */
const dayRatioMax = 5;
/** With fewer days of trade the residuals are too few, and too close to what they were learnt from. */
const newStoreDays = 28;
const dayRatioMin = 0.2;
/** The least mean share of the hours of a day. */
const shareMin = 0.02;

/** A smoothed history. */
export interface Smoothed {
  /** The forecast of each hour, as it stood before each row; one row more than the history. */
  readonly states: Float64Array;
}

interface SmoothedOnce extends Smoothed {
  /** The absolute error three days ahead. */
  readonly error: number;
}

/** Smooths the day's level and the hours' shape, each with the weights that did best. */
export function dailySeasonEts(): ForecastModel {
  return {
    name: "daily-season-ets",
    fit: async (series) => ({
      predict: (horizonDays) => series.map((one) => smoothForecast(one, horizonDays)),
    }),
  };
}

function smoothForecast(series: Series, horizonDays: number): QuantileForecast {
  const width = series.hours.length;
  const floor = levelFloor(meanOfOpen(series, 0, series.dayCount));
  const { states } = bestSmoothing(series);
  const residuals: number[] = [];
  const from = Math.max(2, series.dayCount - residualDays);
  for (let row = from; row < series.dayCount; row++) {
    for (let slot = 0; slot < width; slot++) {
      const value = openValue(series, row, slot);
      if (value === undefined) continue;
      for (const lead of errorLeadsDays) {
        if (row - lead < 1) continue;
        const middle = states[(row - lead + 1) * width + slot] as number;
        residuals.push((value - middle) / Math.sqrt(Math.max(middle, floor)));
      }
    }
  }
  const spread = empiricalQuantiles(residuals.length > 0 ? residuals : [0]);
  const smoothed = (slot: number) => states[series.dayCount * width + slot] as number;
  const days = openDays(series);
  if (days >= newStoreDays) {
    return fillForecast(series, horizonDays, (_, slot) =>
      spreadAround(smoothed(slot), spread, floor),
    );
  }
  const newStore = learnNewStore(series, states);
  return fillForecast(series, horizonDays, (_, slot) =>
    newStore.quantilesOf(newStore.meanOf(slot, smoothed(slot))),
  );
}

/** Series never change, so each is smoothed once, by whomever it is asked first. */
const smoothedSeries = new WeakMap<Series, Smoothed>();

/** Averages the smoothings whose weights did best three days ahead on the series itself. */
export function bestSmoothing(series: Series): Smoothed {
  const known = smoothedSeries.get(series);
  if (known !== undefined) return known;
  const tried = levelWeights.flatMap((level) =>
    shapeWeights.map((shape) => smooth(series, level, shape)),
  );
  const best = tried.sort((first, second) => first.error - second.error).slice(0, keptPairs);
  const sum = new Float64Array(tried[0]?.states.length ?? 0);
  for (const { states } of best) {
    for (const [cell, value] of states.entries()) sum[cell] = (sum[cell] as number) + value;
  }
  const mean = { states: sum.map((value) => value / keptPairs) };
  smoothedSeries.set(series, mean);
  return mean;
}

function smooth(series: Series, levelWeight: number, shapeWeight: number): SmoothedOnce {
  const width = series.hours.length;
  const states = new Float64Array((series.dayCount + 1) * width);
  const shape = firstShape(series);
  const floor = levelFloor(meanOfOpen(series, 0, series.dayCount));
  let level = Math.max(0, meanOfOpen(series, 0, Math.min(7, series.dayCount)) ?? 0);
  let error = 0;
  for (let row = 0; row < series.dayCount; row++) {
    let actual = 0;
    let shares = 0;
    let openSlots = 0;
    for (let slot = 0; slot < width; slot++) {
      const middle = level * (shape[slot] as number);
      states[row * width + slot] = middle;
      const value = openValue(series, row, slot);
      if (value === undefined) continue;
      actual += value;
      shares += shape[slot] as number;
      openSlots++;
      if (row >= 7) error += Math.abs(value - (states[(row - 3) * width + slot] as number));
    }
    if (openSlots === 0) continue;
    const before = Math.max(level, floor);
    // Hours that never sold have no share yet; a first sale in them is no reason for a huge level.
    const day = Math.max(0, actual) / Math.max(shares, shareMin * openSlots);
    level += levelWeight * (Math.min(day, before * dayRatioMax) - level);
    // The hour's share is judged against the day's own level, so that a good day moves no shape.
    if (day <= before * dayRatioMin) continue;
    for (let slot = 0; slot < width; slot++) {
      const value = openValue(series, row, slot);
      if (value === undefined) continue;
      const share = Math.max(0, value) / Math.min(day, before * dayRatioMax);
      shape[slot] = (shape[slot] as number) + shapeWeight * (share - (shape[slot] as number));
    }
  }
  for (let slot = 0; slot < width; slot++) {
    states[series.dayCount * width + slot] = level * (shape[slot] as number);
  }
  return { states, error };
}

/** The hours' shape over the first two weeks, around 1. */
function firstShape(series: Series): Float64Array {
  const width = series.hours.length;
  const days = Math.min(14, series.dayCount);
  const mean = meanOfOpen(series, 0, days) ?? 0;
  return Float64Array.from({ length: width }, (_, slot) => {
    let sum = 0;
    let count = 0;
    for (let row = 0; row < days; row++) {
      const value = openValue(series, row, slot);
      if (value === undefined) continue;
      sum += Math.max(0, value);
      count++;
    }
    return mean > 0 && count > 0 ? sum / count / mean : 1;
  });
}
