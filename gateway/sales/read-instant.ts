import { appError } from "@tillcast/core";
import { DAY_MS, epochDayOf, instantOfLocal, isDate } from "@tillcast/schemas";

/** Sales outside these years are a slip of the pen; the same bounds keep zone arithmetic exact. */
const yearMin = 2000;
const yearMax = 2100;

/** A date, and a time of day to the millisecond, and an offset. A `+` left unescaped arrives as a blank. */
const dateAndTime =
  /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,3})\d*)?)?(Z|z|[+ -]\d{2}:?\d{2})?)?$/;

/**
 * Reads an instant as UTC milliseconds: `2026-03-01T10:00:00Z`, the same with another offset, or, without
 * one, a date or a date and time by the clock on the store's wall. Faults name `field`.
 */
export function readInstant(text: string, field: string, zone: string): number {
  const [, date, hour = "0", minute = "0", second = "0", fraction = "0", offset] =
    dateAndTime.exec(text) ?? [];
  if (date === undefined) {
    throw invalid(
      field,
      "is neither a date YYYY-MM-DD nor a date and time such as 2026-03-01T10:00:00Z",
    );
  }
  const dayMs = epochDayOf(readDate(date, field)) * DAY_MS;
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) {
    throw invalid(field, "has a time of day that does not exist");
  }
  const timeMs = ((Number(hour) * 60 + Number(minute)) * 60 + Number(second)) * 1000;
  const localMs = dayMs + timeMs + Number(fraction.padEnd(3, "0"));
  return offset === undefined ? instantOfLocal(localMs, zone) : localMs - offsetMsOf(offset, field);
}

/** Reads a date YYYY-MM-DD of the years in which sales can be. Faults name `field`. */
export function readDate(text: string, field: string): string {
  if (!isDate(text)) throw invalid(field, "is not a date that exists, written YYYY-MM-DD");
  const year = Number(text.slice(0, 4));
  if (year < yearMin || year > yearMax) {
    throw invalid(field, `lies outside the years ${yearMin} to ${yearMax}`);
  }
  return text;
}

/** The error for one field of a query; named as the checks of the schemas name it. */
export function invalid(field: string, reason: string): Error {
  return appError("validationFailed", { field: `query.${field}`, reason });
}

function offsetMsOf(offset: string, field: string): number {
  if (offset === "Z" || offset === "z") return 0;
  const hours = Number(offset.slice(1, 3));
  const minutes = Number(offset.slice(-2));
  if (hours > 14 || minutes > 59) throw invalid(field, "has an offset that no clock has");
  return (offset[0] === "-" ? -1 : 1) * (hours * 60 + minutes) * 60_000;
}
