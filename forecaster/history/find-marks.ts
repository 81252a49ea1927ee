/**
 * Finds the hours of a history that say nothing about other days: an amount far beyond anything that the hour ever
 * sells (a typo, one catering order), and hours without sales in the midst of trade (an outage). They are judged
 * against the days around them, never against days after the history's end.
 */
import { dateAt, meanOfOpen, type Series } from "../series.ts";
import { meanWithoutHighest, valuesAround } from "./neighbours.ts";

/** Hours of one day that are not learnt from. */
export interface HistoryMark {
  readonly kind: "spike" | "outage";
  readonly row: number;
  /** The slots `[from, to)`. */
  readonly from: number;
  readonly to: number;
}

/** Fewer days around than this say too little. */
const aroundMinCount = 10;
/** A spike is beyond so many times the third highest amount, the usual amount, and the store's usual hour. */
const beyondHighest = 3;
const beyondUsual = 8;
const beyondStore = 4;
/** Hours without sales are an outage where chance makes them more seldom than this. */
const chanceMax = 1e-4;
/** Days on either side that tell whether hours without sales have become usual. */
const nearDays = 14;

/** The marks of a history, by day and hour. A daily series has none: a day without sales may be a closing day. */
export function findMarks(series: Series): HistoryMark[] {
  if (series.grain === "day") return [];
  const mean = meanOfOpen(series, 0, series.dayCount) ?? 0;
  const marks: HistoryMark[] = [];
  for (let row = 0; row < series.dayCount; row++) {
    for (let slot = 0; slot < series.hours.length; slot++) {
      if (isSpike(series, row, slot, mean)) {
        marks.push({ kind: "spike", row, from: slot, to: slot + 1 });
      }
    }
    if (!series.holidays.has(dateAt(series, row))) marks.push(...outagesOf(series, row));
  }
  return marks;
}

function isSpike(series: Series, row: number, slot: number, mean: number): boolean {
  const cell = row * series.hours.length + slot;
  const value = series.values[cell] as number;
  if (series.open[cell] !== 1 || value <= beyondStore * mean) return false;
  const around = valuesAround(series, row, slot);
  if (around.length < aroundMinCount) return false;
  const third = [...around].sort((a, b) => b - a)[2] as number;
  return value > beyondHighest * third && value > beyondUsual * meanWithoutHighest(around, 2);
}

/** The runs of hours without sales on one day. */
function outagesOf(series: Series, row: number): HistoryMark[] {
  const width = series.hours.length;
  const marks: HistoryMark[] = [];
  let from: number | undefined;
  let chance = 1;
  for (let slot = 0; slot <= width; slot++) {
    const cell = row * width + slot;
    const isOpen = slot < width && series.open[cell] === 1;
    if (isOpen && series.values[cell] === 0) {
      from ??= slot;
      chance *= chanceOfNothing(series, row, slot);
      continue;
    }
    // A shut hour in between ends no outage.
    if (slot < width && !isOpen) continue;
    if (from !== undefined && chance < chanceMax) {
      marks.push({ kind: "outage", row, from, to: slot });
    }
    from = undefined;
    chance = 1;
  }
  return marks;
}

/** How often the hour sells nothing, on the days around or on the nearest ones, whichever is more often. */
function chanceOfNothing(series: Series, row: number, slot: number): number {
  const shareOf = (values: readonly number[]): number =>
    (values.filter((value) => value === 0).length + 1) / (values.length + 2);
  const around = valuesAround(series, row, slot);
  const near = valuesAround(series, row, slot, nearDays);
  return Math.max(shareOf(around), shareOf(near));
}
