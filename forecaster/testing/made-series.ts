/** A small made-up shop for tests: a daily shape, a strong weekend, and seeded noise. */
import { epochDayOf } from "@tillcast/schemas";
import { seededRandom } from "../random.ts";
import { type Series, weekdayOf } from "../series.ts";

/** What a test may care about; everything else is a default. */
export interface MadeSeriesOptions {
  readonly key?: string;
  readonly days?: number;
  readonly seed?: number;
  /** Size of the noise relative to the level, 0 for none. */
  readonly noise?: number;
  /** A weekday (Monday = 0) on which the shop is shut. */
  readonly closedWeekday?: number;
  readonly level?: number;
}

/** Makes a shop that opens from 11 to 20 o'clock. The same options give the same shop. */
export function madeSeries(options: MadeSeriesOptions = {}): Series {
  const { key = "shop", days = 120, seed = 1, noise = 0.3, level = 100 } = options;
  const firstDate = "2026-01-05";
  const hours = [11, 12, 13, 14, 15, 16, 17, 18, 19, 20];
  const shape = [0.6, 1.4, 1.5, 0.8, 0.5, 0.6, 1.1, 1.6, 1.3, 0.6];
  const random = seededRandom(seed);
  const first = epochDayOf(firstDate);
  const values = new Float64Array(days * hours.length);
  const open = new Uint8Array(days * hours.length);
  const weekMask = new Uint8Array(7 * hours.length).fill(1);
  for (let row = 0; row < days; row++) {
    const weekday = weekdayOf(first + row);
    for (const [slot, share] of shape.entries()) {
      const weekend = weekday >= 4 ? 1.5 : 1;
      const cell = row * hours.length + slot;
      const wobble = 1 + noise * (random() + random() - 1);
      if (weekday === options.closedWeekday) continue;
      open[cell] = 1;
      values[cell] = level * share * weekend * wobble;
    }
  }
  if (options.closedWeekday !== undefined) {
    weekMask.fill(
      0,
      options.closedWeekday * hours.length,
      (options.closedWeekday + 1) * hours.length,
    );
  }
  return {
    key,
    timeZone: "UTC",
    currency: "EUR",
    grain: "hour",
    firstDate,
    dayCount: days,
    hours,
    values,
    open,
    weekMask,
    holidays: new Set(),
  };
}
