import { type Expectation, expectedUntil, isReachKnown } from "@tillcast/schemas/browser";
import type { DayPicture } from "./day-picture.ts";
import { type Deviation, deviationOf } from "./deviation.ts";
import { type Bucket, hourBuckets } from "./local-hours.ts";
import { tradingSpan } from "./trading-span.ts";

/** One local hour of the day. */
export interface HourRow extends Bucket {
  /** Minor units; null for an hour that has not begun, or that a late feed has not reached. */
  readonly net: bigint | null;
  readonly orders: number | null;
  /** Of the whole hour. */
  readonly expected: Expectation | null;
  /** Of the elapsed part of an hour under way; null of all others. */
  readonly expectedSoFar: Expectation | null;
  /** Against what was expected up to `dataUntil`, so that an hour under way is not "low" for being young. */
  readonly deviation: Deviation | undefined;
  readonly isRunning: boolean;
  /** Of the same hour a week before, in minor units; null where nothing is known of that day. */
  readonly lastWeek: bigint | null;
}

/** The rows of the hour table. */
export function hourRows(picture: DayPicture): HourRow[] {
  const { start, end } = tradingSpan(picture);
  return hourBuckets(start, end, picture.timeZone).map((bucket) => hourRow(picture, bucket));
}

function hourRow(picture: DayPicture, { start, end }: Bucket): HourRow {
  const { quarters, dataUntil, steps } = picture;
  const lastWeek = lastWeekOf(picture, { start, end });
  const inside = steps.filter((step) => step.start >= start && step.start < end);
  const expected = inside.length === 0 ? null : expectedUntil(inside, end);
  if (start >= dataUntil) {
    const nothing = { net: null, orders: null, deviation: undefined, expectedSoFar: null };
    return { start, end, ...nothing, expected, isRunning: false, lastWeek };
  }
  let net = 0n;
  let orders = 0;
  for (const quarter of quarters.values()) {
    if (quarter.start < start || quarter.start >= end) continue;
    net += quarter.net;
    orders += quarter.orders;
  }
  const comparable = expected === null ? null : expectedUntil(inside, Math.min(end, dataUntil));
  const isOpen = picture.phase !== "beforeOpening";
  const isCompared = isOpen && isReachKnown(picture.freshness);
  const deviation = isCompared ? deviationOf(net, comparable, picture.dayExpected) : undefined;
  const isRunning = end > dataUntil;
  const expectedSoFar = isRunning ? comparable : null;
  return { start, end, net, orders, expected, expectedSoFar, deviation, isRunning, lastWeek };
}

function lastWeekOf({ lastWeek }: DayPicture, { start, end }: Bucket): bigint | null {
  if (lastWeek.size === 0) return null;
  let net = 0n;
  for (const [quarter, amount] of lastWeek) if (quarter >= start && quarter < end) net += amount;
  return net;
}
