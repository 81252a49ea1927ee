import { localHourStartOf, offsetMsAt } from "@tillcast/schemas/browser";
import { locale } from "./locale.ts";
import { remember } from "./remember.ts";

/** "9:05 AM", and "09:05" where clocks have 24 hours. */
const hour = hasDayPeriod() ? "numeric" : "2-digit";

const fullDate = { day: "numeric", month: "long", year: "numeric" } as const;

const clockFormat = remember(
  (timeZone: string) => new Intl.DateTimeFormat(locale, { timeZone, hour, minute: "2-digit" }),
);
const hourFormat = remember(
  (timeZone: string) => new Intl.DateTimeFormat(locale, { timeZone, hour: "numeric" }),
);
const dayFormat = remember(
  (timeZone: string) =>
    new Intl.DateTimeFormat(locale, { timeZone, weekday: "long", day: "numeric", month: "long" }),
);
const weekdayFormat = remember(
  (timeZone: string) => new Intl.DateTimeFormat(locale, { timeZone, weekday: "long" }),
);
const fullDayFormat = remember(
  (timeZone: string) => new Intl.DateTimeFormat(locale, { timeZone, ...fullDate, weekday: "long" }),
);
const dateFormat = remember(
  (timeZone: string) => new Intl.DateTimeFormat(locale, { timeZone, ...fullDate }),
);
const shortDateFormat = remember(
  (timeZone: string) => new Intl.DateTimeFormat(locale, { timeZone, ...fullDate, month: "short" }),
);
const zoneFormat = remember(
  (timeZone: string) => new Intl.DateTimeFormat(locale, { timeZone, timeZoneName: "short" }),
);
const unitFormat = remember((unit: string) => {
  return new Intl.NumberFormat(locale, { style: "unit", unit, unitDisplay: "short" });
});

const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;

/** The wall clock of a place, "14:40". */
export function clock(instant: number, timeZone: string): string {
  return clockFormat(timeZone).format(instant);
}

/** Two wall clocks, "14:00–15:00" or "2:00–3:00 PM". */
export function clockRange(start: number, end: number, timeZone: string): string {
  const format = clockFormat(timeZone);
  // Across midnight Intl would name both dates; a trading day is one day.
  const isOneDay = localDay(start, timeZone) === localDay(end, timeZone);
  if (!isOneDay) return `${format.format(start)}–${format.format(end)}`;
  return format.formatRange(start, end).replace(/\s–\s/, "–");
}

/** A tick of a time axis: the wall clock, or "2 PM" where whole hours are written so. */
export function tickTime(instant: number, timeZone: string): string {
  const isWholeHour = localHourStartOf(instant, timeZone) === instant;
  return isWholeHour && hasDayPeriod()
    ? hourFormat(timeZone).format(instant)
    : clock(instant, timeZone);
}

/** A business date in words, "Saturday 21 November"; it is a name of a day, not an instant. */
export function dayName(businessDate: string): string {
  return dayFormat("UTC").format(Date.parse(businessDate));
}

/** A business date with its year, "Thursday 1 January 2015". */
export function fullDayName(businessDate: string): string {
  // Where the day comes first, a comma after the weekday would only halt the sentence.
  return fullDayFormat("UTC")
    .format(Date.parse(businessDate))
    .replace(/^(\p{L}+), (?=\d)/u, "$1 ");
}

/** A business date without its weekday, "31 December 2015". */
export function dateName(businessDate: string): string {
  return dateFormat("UTC").format(Date.parse(businessDate));
}

/** The same where room is short, "31 Dec 2015". */
export function shortDate(businessDate: string): string {
  return shortDateFormat("UTC").format(Date.parse(businessDate));
}

/** The weekday of a business date, "Saturday". */
export function weekdayName(businessDate: string): string {
  return weekdayFormat("UTC").format(Date.parse(businessDate));
}

/** The zone's short name at an instant, "CET" or "GMT+5:30". */
export function zoneName(instant: number, timeZone: string): string {
  const parts = zoneFormat(timeZone).formatToParts(instant);
  return parts.find((part) => part.type === "timeZoneName")?.value ?? timeZone;
}

/** The city that a zone is named after, "New York". */
export function zoneCity(timeZone: string): string {
  return (timeZone.split("/").at(-1) ?? timeZone).replaceAll("_", " ");
}

/** How long ago in one unit, "3 min"; anything below a second is "1 sec". */
export function age(elapsedMs: number): string {
  const [unit, sizeMs] = unitOf(elapsedMs);
  return unitFormat(unit).format(Math.max(1, Math.floor(elapsedMs / sizeMs)));
}

function unitOf(elapsedMs: number): [string, number] {
  if (elapsedMs < MINUTE_MS) return ["second", SECOND_MS];
  if (elapsedMs < HOUR_MS) return ["minute", MINUTE_MS];
  return elapsedMs < 2 * DAY_MS ? ["hour", HOUR_MS] : ["day", DAY_MS];
}

function hasDayPeriod(): boolean {
  return new Intl.DateTimeFormat(locale, { hour: "numeric" }).resolvedOptions().hour12 === true;
}

function localDay(instant: number, timeZone: string): number {
  return Math.floor((instant + offsetMsAt(instant, timeZone)) / DAY_MS);
}
