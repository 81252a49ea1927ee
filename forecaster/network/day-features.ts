/**
 * What the network is told about one business day before it happens. Everything is computed from
 * rows before the origin, in units of the store's recent level, so that stores of any size and
 * currency share one network.
 */
import { dateOfEpochDay, epochDayOf } from "@tillcast/schemas";
import { meanOfOpen, type Series, weekdayOf } from "../series.ts";

/** Weeks of the same weekday that are looked at. */
const weeksBack = 26;
/** How fast older weeks fade in the weighted mean, in weeks. */
const fadeWeeks = 6;
/** Levels above this multiple of the usual hour teach nothing more. */
const levelCap = 12;
/** Shares of the seasonal base: mean of 8 weeks, of 16 weeks, and the day's mean laid over its profile. */
const baseShares = { mean8: 0.35, mean16: 0.3, profile: 0.35 } as const;

const levelNames = [
  "lag1",
  "lag2",
  "lag3",
  "lag4",
  "mean4",
  "mean8",
  "deviation8",
  "mean16",
  "mean26",
  "fadingMean",
  "anyDayMean28",
  "lastDay",
  "profile",
  "week",
  "month",
  "yesterday",
  "sameWeekday4",
] as const;

const missingNames = ["noLag1", "noMean8", "noLastDay"] as const;
const hoursOfDay = 24;
const leadDaysMax = 7;

/** The names of the columns, in order. */
export const featureNames: readonly string[] = [
  ...levelNames,
  ...levelNames.map((name) => `sqrt(${name})`),
  "base",
  "sqrt(base)",
  ...missingNames,
  ...Array.from({ length: 7 }, (_, weekday) => `weekday${weekday}`),
  "holiday",
  "holidayTomorrow",
  "holidayYesterday",
  "leadDays",
  ...["sinYear", "cosYear", "sinHalfYear", "cosHalfYear"],
  "dayOfMonth",
  "slotOfDay",
  ...Array.from({ length: hoursOfDay }, (_, hour) => `hour${hour}`),
];

/** The number of columns. */
export const featureCount: number = featureNames.length;

/** A day's features, hour by hour. */
export interface DayFeatures {
  /** `hours.length` x `featureCount`. */
  readonly features: Float32Array;
  /** The seasonal base of each hour, in units of `level`. */
  readonly base: Float32Array;
  /** The store's mean open hour over the four weeks before the origin. */
  readonly level: number;
}

/** Weeks that tell a store's level; longer ones are asked when nothing was sold in the shorter. */
const levelDays = [28, 84, 364] as const;
/** The level of a store that sold nothing, in minor units: less than any money. */
const noLevel = 1e-3;

/**
 * The unit of a store's sales at an origin: its mean open hour over the last four weeks, or over the
 * last weeks in which it sold at all. `undefined` for a store that has sold nothing in a year.
 */
export function levelAt(series: Series, origin: number): number | undefined {
  for (const days of levelDays) {
    const mean = meanOfOpen(series, origin - days, origin) ?? 0;
    if (mean > noLevel) return mean;
  }
  return undefined;
}

/** Computes the features of row `target` from rows before `origin` (`origin <= target`). */
export function dayFeatures(series: Series, target: number, origin: number): DayFeatures {
  const width = series.hours.length;
  const level = levelAt(series, origin) ?? noLevel;
  const weeks = sameWeekdays(series, target, origin);
  const totals = dayTotals(series, weeks, origin, level);
  const profile = weekPartProfile(series, target, origin);
  const features = new Float32Array(width * featureCount);
  const base = new Float32Array(width);
  const calendar = calendarColumns(series, target, origin);
  for (let slot = 0; slot < width; slot++) {
    const hour = hourLevels(series, weeks, origin, slot, level);
    const profiled =
      totals.sameWeekday8 === undefined
        ? undefined
        : totals.sameWeekday8 * (profile[slot] as number);
    // A weekday that never traded is taken for any day.
    const mean8 = hour.mean8 ?? hour.anyDayMean28 ?? 0;
    // An hour in which refunds outweigh sales is an empty hour, not one that sells less than nothing.
    const seasonal = Math.max(
      0,
      baseShares.mean8 * mean8 +
        baseShares.mean16 * (hour.mean16 ?? mean8) +
        baseShares.profile * (profiled ?? mean8),
    );
    base[slot] = seasonal;
    const levels = [
      ...hour.lags.map((lag) => lag ?? mean8),
      hour.mean4 ?? mean8,
      mean8,
      hour.deviation8,
      hour.mean16 ?? mean8,
      hour.mean26 ?? mean8,
      hour.fadingMean ?? mean8,
      hour.anyDayMean28,
      hour.lastDay ?? mean8,
      profiled ?? mean8,
      totals.week,
      totals.month,
      totals.yesterday,
      totals.sameWeekday4,
    ].map((value) => Math.min(levelCap, Math.max(0, value ?? 0)));
    const missing = [hour.lags[0], hour.mean8, hour.lastDay].map((value) =>
      Number(value === undefined),
    );
    let column = slot * featureCount;
    const put = (value: number) => {
      features[column++] = value;
    };
    levels.forEach(put);
    for (const value of levels) put(Math.sqrt(value));
    put(seasonal);
    put(Math.sqrt(seasonal));
    missing.forEach(put);
    calendar.forEach(put);
    put(slot / width);
    const localHour = (series.hours[slot] as number) % hoursOfDay;
    for (let hourOfDay = 0; hourOfDay < hoursOfDay; hourOfDay++)
      put(Number(hourOfDay === localHour));
  }
  return { features, base, level };
}

/** Rows of the same weekday before the origin, newest first. */
function sameWeekdays(series: Series, target: number, origin: number): number[] {
  const rows: number[] = [];
  for (let row = target - 7; row >= 0 && rows.length < weeksBack; row -= 7) {
    if (row < origin && row < series.dayCount) rows.push(row);
  }
  return rows;
}

function cellValue(series: Series, row: number, slot: number): number | undefined {
  const cell = row * series.hours.length + slot;
  return row >= 0 && series.open[cell] === 1 ? series.values[cell] : undefined;
}

function hourLevels(
  series: Series,
  weeks: readonly number[],
  origin: number,
  slot: number,
  level: number,
) {
  const values = weeks.map((row) => {
    const value = cellValue(series, row, slot);
    return value === undefined ? undefined : value / level;
  });
  const recent: (number | undefined)[] = [];
  for (let row = Math.max(0, origin - 28); row < origin; row++) {
    recent.push(cellValue(series, row, slot));
  }
  const anyDay = meanOf(recent);
  const lastDay = recent.at(-1);
  const mean8 = meanOf(values.slice(0, 8));
  return {
    lags: [values[0], values[1], values[2], values[3]],
    mean4: meanOf(values.slice(0, 4)),
    mean8,
    deviation8: mean8 === undefined ? undefined : deviationOf(values.slice(0, 8), mean8),
    mean16: meanOf(values.slice(0, 16)),
    mean26: meanOf(values),
    fadingMean: fadingMeanOf(values),
    anyDayMean28: anyDay === undefined ? undefined : anyDay / level,
    lastDay: lastDay === undefined ? undefined : lastDay / level,
  };
}

function meanOf(values: readonly (number | undefined)[]): number | undefined {
  let sum = 0;
  let count = 0;
  for (const value of values) {
    if (value === undefined) continue;
    sum += value;
    count++;
  }
  return count === 0 ? undefined : sum / count;
}

function deviationOf(values: readonly (number | undefined)[], mean: number): number {
  const squares = values.map((value) => (value === undefined ? undefined : (value - mean) ** 2));
  return Math.sqrt(meanOf(squares) ?? 0);
}

function fadingMeanOf(values: readonly (number | undefined)[]): number | undefined {
  let sum = 0;
  let weights = 0;
  for (const [age, value] of values.entries()) {
    if (value === undefined) continue;
    const weight = Math.exp(-age / fadeWeeks);
    sum += weight * value;
    weights += weight;
  }
  return weights === 0 ? undefined : sum / weights;
}

/** Day totals, in units of the level; those of weeks and months also per hour slot. */
function dayTotals(series: Series, weeks: readonly number[], origin: number, level: number) {
  const width = series.hours.length;
  const totalOf = (row: number): number | undefined => {
    let sum: number | undefined;
    for (let slot = 0; slot < width; slot++) {
      const value = cellValue(series, row, slot);
      if (value !== undefined) sum = (sum ?? 0) + value;
    }
    return sum;
  };
  const sumOver = (days: number) => {
    let sum = 0;
    for (let row = Math.max(0, origin - days); row < origin; row++) sum += totalOf(row) ?? 0;
    return sum / Math.max(1, Math.min(days, origin));
  };
  const weekTotals = weeks.map(totalOf);
  const perHour = level * width;
  const sameWeekday4 = meanOf(weekTotals.slice(0, 4));
  const sameWeekday8 = meanOf(weekTotals.slice(0, 8));
  return {
    week: sumOver(7) / perHour,
    month: sumOver(28) / perHour,
    yesterday: (totalOf(origin - 1) ?? 0) / perHour,
    sameWeekday4: sameWeekday4 === undefined ? undefined : sameWeekday4 / perHour,
    /** In units of the level for the whole day: it is laid over a profile that sums to one. */
    sameWeekday8: sameWeekday8 === undefined ? undefined : sameWeekday8 / level,
  };
}

/** How a day of this part of the week (Friday to Sunday, or not) spreads over its hours; sums to 1. */
function weekPartProfile(series: Series, target: number, origin: number): Float64Array {
  const width = series.hours.length;
  const first = epochDayOf(series.firstDate);
  const isLate = (row: number) => weekdayOf(first + row) >= 4;
  const sums = new Float64Array(width);
  const counts = new Float64Array(width);
  for (let row = Math.max(0, origin - 84); row < origin; row++) {
    if (isLate(row) !== isLate(target)) continue;
    for (let slot = 0; slot < width; slot++) {
      const value = cellValue(series, row, slot);
      if (value === undefined) continue;
      sums[slot] = (sums[slot] as number) + value;
      counts[slot] = (counts[slot] as number) + 1;
    }
  }
  const means = sums.map((sum, slot) => Math.max(0, sum) / Math.max(1, counts[slot] as number));
  const total = means.reduce((sum, mean) => sum + mean, 0);
  return means.map((mean) => (total > 0 ? mean / total : 1 / width));
}

function calendarColumns(series: Series, target: number, origin: number): number[] {
  const day = epochDayOf(series.firstDate) + target;
  const weekday = weekdayOf(day);
  const date = dateOfEpochDay(day);
  const isHoliday = (offset: number) => Number(series.holidays.has(dateOfEpochDay(day + offset)));
  const turn = (2 * Math.PI * (day - epochDayOf(`${date.slice(0, 4)}-01-01`))) / 365.25;
  return [
    ...Array.from({ length: 7 }, (_, index) => Number(index === weekday)),
    isHoliday(0),
    isHoliday(1),
    isHoliday(-1),
    Math.min(leadDaysMax, target - origin) / leadDaysMax,
    Math.sin(turn),
    Math.cos(turn),
    Math.sin(2 * turn),
    Math.cos(2 * turn),
    Number(date.slice(8)) / 31,
  ];
}
