import { DAY_MS, epochDayOf, instantOfLocal, isDate } from "@tillcast/schemas";
import type { Cell } from "./cell.ts";

/** The order of day and month if both are numbers, such as `3/8/2019`. */
export type DateOrder = "dmy" | "mdy";

/** The parts of a time in a cell. */
export interface TimeText {
  /** Year, month and day, or two numbers whose order the file must tell. */
  readonly date: { readonly year: number } & (
    | { readonly month: number; readonly day: number }
    | { readonly first: number; readonly second: number }
  );
  /** Milliseconds since local midnight; null for a day without a time. */
  readonly timeMs: number | null;
  /** Null if the time is in the store's zone. */
  readonly offsetMs: number | null;
}

const yearFirst = /^(\d{4})([-/.])(\d{1,2})\2(\d{1,2})/;
const yearLast = /^(\d{1,2})([-/.])(\d{1,2})\2(\d{4})(?!\d)/;
const dayNamed = /^(\d{1,2})[ -]([a-z]{3,9})\.?,?[ -](\d{4})(?!\d)/i;
const monthNamed = /^([a-z]{3,9})\.? (\d{1,2}),? (\d{4})(?!\d)/i;
const clock =
  /^(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?(?: ?([ap])\.?m\.?)?(?: ?(Z|UTC|GMT|[+-]\d{2}(?::?\d{2})?))?$/i;
const months = "jan feb mar apr may jun jul aug sep oct nov dec".split(" ");
const longMonths =
  "january february march april may june july august september october november december".split(
    " ",
  );

/** Splits a time into its parts; undefined if the text has no known form. */
export function readTimeText(text: string): TimeText | undefined {
  const trimmed = text.trim().replaceAll(/[\s\u202f]+/g, " ");
  const found = readDate(trimmed);
  if (found === undefined) return undefined;
  const rest = trimmed.slice(found.length);
  if (rest.trim() === "") return { date: found.date, timeMs: null, offsetMs: null };
  const separator = /^(?:T|,? )/i.exec(rest);
  const parts = separator === null ? null : clock.exec(rest.slice(separator[0].length));
  if (parts === null) return undefined;
  const timeMs = clockMs(parts);
  if (timeMs === undefined) return undefined;
  return { date: found.date, timeMs, offsetMs: parts[6] === undefined ? null : offsetOf(parts[6]) };
}

/** The order of day and month that a time proves, if any. */
export function dateHintOf({ date }: TimeText): DateOrder | "ambiguous" | null {
  if (!("first" in date)) return null;
  if (date.first > 12 && date.second > 12) return null;
  if (date.first > 12) return "dmy";
  if (date.second > 12) return "mdy";
  return date.first === date.second ? null : "ambiguous";
}

/**
 * Converts a time to UTC milliseconds. A time that the store's clock shows twice is the first of the two. A time that
 * the clock skips moves forward by the gap. `ofDay` is the time for days without one.
 */
export function instantOf(
  text: TimeText,
  zone: string,
  order: DateOrder,
  ofDay: number | null = null,
): Cell<number> {
  const timeMs = text.timeMs ?? ofDay;
  const date = dateOf(text.date, order);
  const isFar = text.date.year < 1900 || text.date.year > 9000;
  if (isFar || !isDate(date)) return { reason: "is no day that exists" };
  if (timeMs === null) return { reason: `is a day without a time; say --time HH:MM for such days` };
  const localMs = epochDayOf(date) * DAY_MS + timeMs;
  return {
    value: text.offsetMs === null ? instantOfLocal(localMs, zone) : localMs - text.offsetMs,
  };
}

function dateOf(date: TimeText["date"], order: DateOrder): string {
  const [month, day] =
    "month" in date
      ? [date.month, date.day]
      : order === "dmy"
        ? [date.second, date.first]
        : [date.first, date.second];
  const two = (value: number): string => String(value).padStart(2, "0");
  return `${String(date.year).padStart(4, "0")}-${two(month)}-${two(day)}`;
}

function readDate(text: string): { date: TimeText["date"]; length: number } | undefined {
  const ymd = yearFirst.exec(text);
  if (ymd !== null) {
    const date = { year: Number(ymd[1]), month: Number(ymd[3]), day: Number(ymd[4]) };
    return { date, length: ymd[0].length };
  }
  const last = yearLast.exec(text);
  if (last !== null) {
    const [whole, first, mark, second, year] = last;
    const numbers = { first: Number(first), second: Number(second) };
    // Dates with points have the day first.
    const date = mark === "." ? { month: numbers.second, day: numbers.first } : { ...numbers };
    return { date: { year: Number(year), ...date }, length: whole.length };
  }
  const named = dayNamed.exec(text);
  if (named !== null) return ofMonthName(named[0], named[3], named[2], named[1]);
  const leading = monthNamed.exec(text);
  if (leading !== null) return ofMonthName(leading[0], leading[3], leading[1], leading[2]);
  return undefined;
}

function ofMonthName(whole: string, year?: string, name = "", day?: string) {
  const word = name.toLowerCase();
  const known = longMonths.includes(word) || months.includes(word) || word === "sept";
  if (!known) return undefined;
  const month = months.indexOf(word.slice(0, 3)) + 1;
  return { date: { year: Number(year), month, day: Number(day) }, length: whole.length };
}

function clockMs(parts: RegExpExecArray): number | undefined {
  const [, hourText, minute, second = "0", fraction = "", half] = parts;
  let hour = Number(hourText);
  if (half !== undefined) {
    if (hour < 1 || hour > 12) return undefined;
    hour = (hour % 12) + (half.toLowerCase() === "p" ? 12 : 0);
  }
  if (hour > 23 || Number(minute) > 59 || Number(second) > 59) return undefined;
  const ms = Number(fraction.padEnd(3, "0").slice(0, 3));
  return ((hour * 60 + Number(minute)) * 60 + Number(second)) * 1000 + ms;
}

function offsetOf(text: string): number {
  if (!/^[+-]/.test(text)) return 0;
  const digits = text.slice(1).replace(":", "").padEnd(4, "0");
  const magnitude = (Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2))) * 60_000;
  return text.startsWith("-") ? -magnitude : magnitude;
}
