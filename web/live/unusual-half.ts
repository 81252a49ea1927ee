import { type Expectation, expectedUntil, type ForecastStep } from "@tillcast/schemas/browser";
import { type Deviation, deviationOf } from "./deviation.ts";

/** A half of the day's trade that went far from what was expected, as far as it is known. */
export interface UnusualHalf {
  /** When its trade usually begins. */
  readonly start: number;
  /** When its trade usually ends, or until when it is known. */
  readonly until: number;
  readonly net: bigint;
  readonly expected: Expectation;
  readonly band: "low" | "high";
}

/** Of a half that has only begun, the hours speak; from this share of it on, it speaks for itself. */
const KNOWN_SHARE = 0.5;

/**
 * The latest half of the day's expected trade that is unusual as a whole; null without one. A till that
 * loses every second order makes no hour unusual, and is half hidden in the day: over half a day it shows.
 */
export function unusualHalf(day: {
  readonly steps: readonly ForecastStep[];
  readonly hours: { readonly from: number; readonly to: number } | null;
  readonly dayExpected: number;
  readonly dataUntil: number;
  netBetween(start: number, end: number): bigint;
}): UnusualHalf | null {
  const middle = middleOf(day);
  const last = day.steps.at(-1);
  if (middle === undefined || last === undefined) return null;
  // Until the middle, the first half is the day so far.
  if (day.dataUntil < middle) return null;
  const first = day.steps[0]?.start ?? middle;
  return judge(day, middle, last.end) ?? judge(day, first, middle);
}

/** When half of what is expected of the day has come. */
function middleOf({
  steps,
  dayExpected,
}: {
  readonly steps: readonly ForecastStep[];
  readonly dayExpected: number;
}): number | undefined {
  let sum = 0;
  for (const { start, p50 } of steps) {
    sum += p50;
    if (sum >= dayExpected / 2 && dayExpected > 0) return start;
  }
  return undefined;
}

function judge(
  day: Parameters<typeof unusualHalf>[0],
  start: number,
  end: number,
): UnusualHalf | null {
  const inside = day.steps.filter((step) => step.start >= start && step.start < end);
  const until = Math.min(end, day.dataUntil);
  const expected = expectedUntil(inside, until);
  if (expected.p50 < KNOWN_SHARE * expectedUntil(inside, end).p50) return null;
  const net = day.netBetween(start, until);
  const band: Deviation["band"] | undefined = deviationOf(net, expected, day.dayExpected)?.band;
  if (band !== "low" && band !== "high") return null;
  const trade = day.hours ?? { from: start, to: end };
  return {
    start: Math.max(start, trade.from),
    until: Math.min(until, trade.to),
    net,
    expected,
    band,
  };
}
