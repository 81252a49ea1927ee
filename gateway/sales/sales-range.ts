import {
  type Bounds,
  businessDayBounds,
  type CloseoutHistory,
  DAY_MS,
  daysBetween,
  type salesGrains,
} from "@tillcast/schemas";
import { invalid, readDate, readInstant } from "./read-instant.ts";

/** Width of the windows asked for. */
export type SalesGrain = (typeof salesGrains)[number];

/** How a store tells the time. */
export interface StoreTime {
  readonly timeZone: string;
  readonly closeouts: CloseoutHistory;
}

/** The most days that one request may span: each keeps an answer below about 10,000 windows. */
export const salesRangeMaxDays: Readonly<Record<SalesGrain, number>> = {
  "15m": 62,
  hour: 400,
  day: 4_000,
  "business-day": 4_000,
};

/** What was asked for: windows that start in `[startMs, endMs)`, or business dates in `[from, to)`. */
export type SalesRange =
  | (Bounds & { readonly grain: Exclude<SalesGrain, "business-day"> })
  | (Bounds & { readonly grain: "business-day"; readonly from: string; readonly to: string });

/**
 * Reads `from` (inclusive) and `to` (exclusive): business dates for `business-day`; else instants, or
 * dates and times by the store's clock. Throws an error that names the field at fault.
 */
export function readSalesRange(
  query: { readonly from: string; readonly to: string; readonly grain: SalesGrain },
  store: StoreTime,
): SalesRange {
  const { grain } = query;
  if (grain === "business-day") {
    const from = readDate(query.from, "from");
    const to = readDate(query.to, "to");
    checkSpan(grain, daysBetween(from, to));
    const startOf = (date: string): number =>
      businessDayBounds(date, store.timeZone, store.closeouts).startMs;
    return { grain, from, to, startMs: startOf(from), endMs: startOf(to) };
  }
  const startMs = readInstant(query.from, "from", store.timeZone);
  const endMs = readInstant(query.to, "to", store.timeZone);
  checkSpan(grain, (endMs - startMs) / DAY_MS);
  return { grain, startMs, endMs };
}

function checkSpan(grain: SalesGrain, days: number): void {
  if (days < 0) throw invalid("to", "lies before from");
  // A span that begins and ends by the clock on the wall is an hour longer where the clock goes back.
  const max = salesRangeMaxDays[grain];
  if (days > max + 1 / 12) {
    throw invalid("to", `is more than ${max} days after from, the most for grain ${grain}`);
  }
}
