import { localHourStartOf, WINDOW_MS } from "@tillcast/schemas/browser";

/** A stretch of time `[start, end)`. */
export interface Bucket {
  readonly start: number;
  readonly end: number;
}

/** The quarter hours between two instants. */
export function quarterBuckets(from: number, to: number): Bucket[] {
  const buckets: Bucket[] = [];
  for (let start = from; start < to; start += WINDOW_MS) {
    buckets.push({ start, end: start + WINDOW_MS });
  }
  return buckets;
}

/**
 * The local clock hours between two instants, as instants: right in zones at :30 and :45, and on days
 * whose clocks change, where one hour is missing or comes twice.
 */
export function hourBuckets(from: number, to: number, timeZone: string): Bucket[] {
  const buckets: Bucket[] = [];
  let start = from;
  for (let next = from + WINDOW_MS; next <= to; next += WINDOW_MS) {
    if (next < to && localHourStartOf(next, timeZone) <= start) continue;
    buckets.push({ start, end: next });
    start = next;
  }
  return buckets;
}
