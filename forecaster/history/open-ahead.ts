/** Whether a store will be open: by its weekdays, and by what it did on holidays before. */
import { dateOfEpochDay, epochDayOf } from "@tillcast/schemas";
import { dateAt, type Series, weekdayOf } from "../series.ts";

/** So many holidays on which a store was shut make a rule, if it traded on hardly any other. */
const shutMinCount = 3;
const shutShareMin = 0.9;

/** What a store did on the holidays of its past that fell on its opening days. */
interface PastHolidays {
  readonly shut: ReadonlySet<string>;
  readonly traded: ReadonlySet<string>;
}

/** Series never change, so each one's holidays are looked at once. */
const known = new WeakMap<Series, PastHolidays>();

/** Says whether a future cell is expected to be open; `day` is a day number. */
export function isOpenAhead(series: Series, day: number, slot: number): boolean {
  if (series.weekMask[weekdayOf(day) * series.hours.length + slot] !== 1) return false;
  return !isShutHoliday(series, dateOfEpochDay(day));
}

/**
 * A holiday is shut if the store was shut on nearly all holidays before, or on the same date of the last years and
 * never traded on it.
 */
function isShutHoliday(series: Series, date: string): boolean {
  if (!series.holidays.has(date)) return false;
  const { shut, traded } = pastHolidays(series);
  const sameDate = (dates: ReadonlySet<string>): boolean =>
    [...dates].some((one) => one.slice(5) === date.slice(5));
  if (sameDate(traded)) return false;
  const count = shut.size + traded.size;
  return sameDate(shut) || (shut.size >= shutMinCount && shut.size >= shutShareMin * count);
}

function pastHolidays(series: Series): PastHolidays {
  const before = known.get(series);
  if (before !== undefined) return before;
  const width = series.hours.length;
  const shut = new Set<string>();
  const traded = new Set<string>();
  const firstDay = epochDayOf(series.firstDate);
  for (let row = 0; row < series.dayCount; row++) {
    const date = dateAt(series, row);
    if (!series.holidays.has(date)) continue;
    const weekday = weekdayOf(firstDay + row);
    if (!series.weekMask.subarray(weekday * width, (weekday + 1) * width).includes(1)) continue;
    const isOpen = series.open.subarray(row * width, (row + 1) * width).includes(1);
    (isOpen ? traded : shut).add(date);
  }
  const found = { shut, traded };
  known.set(series, found);
  return found;
}
