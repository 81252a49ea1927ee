/** The history as every model reads it: without what says nothing about other days, at the level of now. */
import type { Series } from "../series.ts";
import { findMarks } from "./find-marks.ts";
import { findLevelShift } from "./follow-level.ts";
import { usualValue } from "./neighbours.ts";

/** Series never change, so each is cleaned once, by whichever model asks first. */
const cleaned = new WeakMap<Series, Series>();

/**
 * Puts what was usual in the place of marked hours (`findMarks`), and reads what was sold before a lasting change of
 * level at the level after it (`findLevelShift`). A clean history stays as it is.
 */
export function cleanHistory(series: Series): Series {
  const known = cleaned.get(series);
  if (known !== undefined) return known;
  const clean = atPresentLevel(withoutMarks(series));
  cleaned.set(series, clean);
  cleaned.set(clean, clean);
  return clean;
}

function withoutMarks(series: Series): Series {
  const marks = findMarks(series);
  if (marks.length === 0) return series;
  const width = series.hours.length;
  const values = series.values.slice();
  for (const { row, from, to } of marks) {
    for (let slot = from; slot < to; slot++) {
      const cell = row * width + slot;
      if (series.open[cell] === 1) values[cell] = usualValue(series, row, slot);
    }
  }
  return { ...series, values };
}

function atPresentLevel(series: Series): Series {
  const shift = findLevelShift(series);
  if (shift === undefined) return series;
  const cells = shift.row * series.hours.length;
  const values = series.values.map((value, cell) => (cell < cells ? value * shift.ratio : value));
  return { ...series, values };
}
