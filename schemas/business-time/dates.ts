/** Milliseconds of one minute. */
export const MINUTE_MS = 60_000;
/** Milliseconds of one hour. */
export const HOUR_MS = 3_600_000;
/** Milliseconds of one day of UTC; local days differ. */
export const DAY_MS = 86_400_000;

/** Dates whose text is remembered, a power of two: 11 years; a later date takes a slot over. */
const TEXTS_MAX = 4096;

const textDays = new Int32Array(TEXTS_MAX).fill(0x7fff_ffff);
const texts = new Array<string>(TEXTS_MAX).fill("");

/** Whether `text` is a date that exists, written YYYY-MM-DD, of the years 1000 to 9999. */
export function isDate(text: string): boolean {
  return readDate(text) !== undefined;
}

/** Days from 1970-01-01 to a date YYYY-MM-DD. Throws a RangeError for what is not a date. */
export function epochDayOf(date: string): number {
  const day = readDate(date);
  if (day === undefined) throw new RangeError(`not a date: ${date.slice(0, 20)}`);
  return day;
}

/** The date YYYY-MM-DD that is `epochDay` days after 1970-01-01, of the years 1000 to 9999. */
export function dateOfEpochDay(epochDay: number): string {
  const slot = epochDay & (TEXTS_MAX - 1);
  if (textDays[slot] === epochDay) return texts[slot] as string;
  const text = writeDate(epochDay);
  textDays[slot] = epochDay;
  texts[slot] = text;
  return text;
}

/** The date `days` days after (before, if negative) a date. */
export function addDays(date: string, days: number): string {
  return dateOfEpochDay(epochDayOf(date) + days);
}

/** Days from `from` to `to`; negative if `to` is earlier. */
export function daysBetween(from: string, to: string): number {
  return epochDayOf(to) - epochDayOf(from);
}

/** Day of the week of a date: 1 is Monday, 7 is Sunday (ISO 8601). */
export function dayOfWeek(date: string): number {
  return ((((epochDayOf(date) + 3) % 7) + 7) % 7) + 1; // 1970-01-01 was a Thursday.
}

function readDate(text: string): number | undefined {
  if (text.length !== 10 || text[4] !== "-" || text[7] !== "-") return undefined;
  const year = digits(text, 0, 4);
  const month = digits(text, 5, 7);
  const day = digits(text, 8, 10);
  // A comparison with NaN is false, so these also refuse what is not a digit.
  if (!(year >= 1000 && month >= 1 && month <= 12 && day >= 1)) return undefined;
  if (day > 28 && day > daysInMonth(year, month)) return undefined;
  return epochDay(year, month, day);
}

function digits(text: string, start: number, end: number): number {
  let value = 0;
  for (let at = start; at < end; at += 1) {
    const digit = text.charCodeAt(at) - 48;
    if (digit < 0 || digit > 9) return Number.NaN;
    value = value * 10 + digit;
  }
  return value;
}

function daysInMonth(year: number, month: number): number {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

/** Days from the civil date, counted in eras of 400 years that begin in March (Hinnant, "chrono dates"). */
function epochDay(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const dayOfEra =
    yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}

function writeDate(epochDay: number): string {
  const text = new Date(epochDay * DAY_MS).toISOString();
  if (text.length !== 24 || text < "1000") throw new RangeError(`no four-digit year: ${text}`);
  return text.slice(0, 10);
}
