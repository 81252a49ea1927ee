/**
 * How far whole days, and the rests of days, stray from what the same hours of the week foretell.
 * Hours of one day err together, so quantiles of hours do not add up to quantiles of the day.
 */
import { forecastQuantiles } from "@tillcast/schemas";
import { openValue } from "../models/forecast-cells.ts";
import { meanOfWeeks } from "../models/same-hour-means.ts";
import { quantileOfSorted } from "../quantiles.ts";
import type { Series } from "../series.ts";
import { type RatioQuantiles, withMeanOne } from "./step-values.ts";

/** Days that show the spread. */
const judgedDays = 120;
/** Fewer days than this say too little; a plain spread of 30 % stands in. */
const judgedMinDays = 14;
const plainSpread: RatioQuantiles = withMeanOne(
  forecastQuantiles.map((level) => Math.exp(0.3 * Math.log(level / (1 - level)) * 0.55)),
);

/** The spread of what is sold from slot `fromSlot` to the end of a business day. */
export function restOfDaySpread(series: Series, fromSlot: number): RatioQuantiles {
  const ratios: number[] = [];
  for (let row = Math.max(7, series.dayCount - judgedDays); row < series.dayCount; row++) {
    let sold = 0;
    let expected = 0;
    for (let slot = fromSlot; slot < series.hours.length; slot++) {
      const value = openValue(series, row, slot);
      const mean = meanOfWeeks(series, 8, row, slot);
      if (value === undefined || mean === undefined) continue;
      sold += value;
      expected += mean;
    }
    if (expected > 0) ratios.push(Math.max(0, sold) / expected);
  }
  if (ratios.length < judgedMinDays) return plainSpread;
  const sorted = Float64Array.from(ratios).sort();
  return withMeanOne(forecastQuantiles.map((level) => quantileOfSorted(sorted, level)));
}
