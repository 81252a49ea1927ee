import {
  DAY_MS,
  epochDayOf,
  instantOfLocal,
  isDate,
  multiplyDecimals,
  parseDecimal,
  parseMinor,
  rescaleHalfEven,
} from "@tillcast/schemas";
import type { Cell } from "./text/cell.ts";
import { type DateOrder, instantOf, readTimeText } from "./text/time-text.ts";

const dayMonthTime = /^(\d{1,2})\/(\d{1,2})\/(\d{4}) (\d{1,2}):(\d{2})(?::(\d{2}))?$/;

/** How to read the times of a file. */
export interface TimeReading {
  /** The order of day and month. Without it, times that need it cannot be read. */
  readonly dates?: DateOrder | undefined;
  /** Milliseconds since midnight, for days without a time. */
  readonly timeOfDayMs?: number | undefined;
}

/**
 * Reads a time such as `2026-11-21 19:30[:05]`, in the store's zone or with its own offset, as UTC milliseconds. A
 * time that the clock shows twice is the first of the two. A time that the clock skips moves forward by the gap.
 */
export function parseTime(text: string, zone: string, reading: TimeReading = {}): Cell<number> {
  const parts = readTimeText(text);
  const needsOrder = parts !== undefined && "first" in parts.date;
  if (parts === undefined || (needsOrder && reading.dates === undefined)) {
    return { reason: `must be a time such as 2026-11-21 19:30; got ${JSON.stringify(text)}` };
  }
  const parsed = instantOf(parts, zone, reading.dates ?? "dmy", reading.timeOfDayMs ?? null);
  return "value" in parsed ? parsed : { reason: `${parsed.reason}; got ${JSON.stringify(text)}` };
}

/** Reads `21/11/2026 19:30` (day, month, year) in a store's zone as UTC milliseconds. */
export function parseDayMonthTime(text: string, zone: string): Cell<number> {
  const parts = dayMonthTime.exec(text);
  if (parts === null) {
    return { reason: `must be a time such as 21/11/2026 19:30; got ${JSON.stringify(text)}` };
  }
  const [, day = "", month = "", year = "", hour, minute, second = "0"] = parts;
  const date = `${year}-${month.padStart(2, "0")}-${day.padStart(2, "0")}`;
  const localMs = localTimeMs(date, Number(hour), Number(minute), Number(second));
  if (localMs === undefined) return { reason: `is no time that exists: ${text}` };
  return { value: instantOfLocal(localMs, zone) };
}

/** Reads decimal text in major units, such as `12.30`, as minor units, without floating point. */
export function parseAmount(text: string, exponent: number): Cell<bigint> {
  const parsed = parseMinor(text, exponent);
  if ("error" in parsed) return { reason: `${parsed.error}; got ${JSON.stringify(text)}` };
  if (parsed.minor < 0n) return { reason: `must not be negative; got ${JSON.stringify(text)}` };
  return { value: parsed.minor };
}

/** Quantity times unit price in minor units, exact until it is rounded half to even. */
export function parseGross(quantity: string, unitPrice: string, exponent: number): Cell<bigint> {
  const units = parseDecimal(quantity);
  const price = parseDecimal(unitPrice);
  if ("error" in units) return { reason: `${units.error}; got ${JSON.stringify(quantity)}` };
  if ("error" in price) return { reason: `${price.error}; got ${JSON.stringify(unitPrice)}` };
  const gross = rescaleHalfEven(multiplyDecimals(units, price), exponent);
  return gross < 0n ? { reason: "must not be negative" } : { value: gross };
}

/** Reads a whole number above zero, such as the units of a line. */
export function parseCount(text: string): Cell<string> {
  if (/^\d{1,9}$/.test(text) && Number(text) > 0) return { value: String(Number(text)) };
  return { reason: `must be a whole number above zero; got ${JSON.stringify(text)}` };
}

function localTimeMs(
  date: string,
  hour: number,
  minute: number,
  second: number,
): number | undefined {
  if (!isDate(date) || hour > 23 || minute > 59 || second > 59) return undefined;
  return epochDayOf(date) * DAY_MS + ((hour * 60 + minute) * 60 + second) * 1000;
}
