import {
  type Expectation,
  expectedUntil,
  onTop,
  restBetween,
  sumExpectations,
  WINDOW_MS,
} from "@tillcast/schemas/browser";
import type { DayPicture } from "./day-picture.ts";
import { type Bucket, hourBuckets, quarterBuckets } from "./local-hours.ts";
import { tradingSpan } from "./trading-span.ts";

/** What one point of the chart covers: a quarter hour, an hour, or the day so far. */
export type ChartGrain = "15m" | "hour" | "total";

/** Columns for uPlot, all equally long; amounts are minor units, null is "not known (yet)". */
export interface AlignedData {
  /** Instants in milliseconds. */
  readonly xs: number[];
  readonly actual: (number | null)[];
  /** The bucket under way, apart, since it is not yet comparable. */
  readonly running: (number | null)[];
  readonly expected: (number | null)[];
  readonly p10: (number | null)[];
  readonly p90: (number | null)[];
  readonly lastWeek: (number | null)[];
  /** What a running total is likely to come to, from the last actual on. */
  readonly fan: (number | null)[];
  readonly fanP10: (number | null)[];
  readonly fanP90: (number | null)[];
  /** What each point covers. */
  readonly buckets: readonly Bucket[];
}

/** Turns a picture into columns; actuals stop where the data does. */
export function alignedData(picture: DayPicture, grain: ChartGrain): AlignedData {
  const span = tradingSpan(picture);
  if (grain === "total") return totals(picture, span);
  const buckets =
    grain === "15m"
      ? quarterBuckets(span.start, span.end)
      : hourBuckets(span.start, span.end, picture.timeZone);
  return perBucket(picture, buckets);
}

function perBucket(picture: DayPicture, buckets: readonly Bucket[]): AlignedData {
  const { dataUntil, steps } = picture;
  const begun = buckets.map(({ start }) => start < dataUntil);
  const isRunning = ({ start, end }: Bucket) => start < dataUntil && dataUntil < end;
  const nets = buckets.map((bucket) => netOf(picture, bucket));
  const expectations = buckets.map(({ start, end }) => {
    const inside = steps.filter((step) => step.start >= start && step.start < end);
    return inside.length === 0 ? null : expectedUntil(inside, end);
  });
  const last = buckets.at(-1);
  // A stepped line draws from point to point: one more point gives the last step its width.
  const closing = last === undefined ? [] : [{ start: last.end, end: last.end }];
  const close = <Value>(values: readonly Value[]): Value[] => [...values, ...values.slice(-1)];
  const open = (values: readonly (number | null)[]) => [...values, ...closing.map(() => null)];
  return {
    xs: [...buckets, ...closing].map(({ start }) => start),
    actual: open(nets.map((net, i) => (begun[i] && !isRunning(buckets[i] as Bucket) ? net : null))),
    running: open(nets.map((net, i) => (isRunning(buckets[i] as Bucket) ? net : null))),
    ...bandColumns(close(expectations)),
    lastWeek: close(buckets.map((bucket) => lastWeekOf(picture, bucket))),
    ...fanColumns([...buckets, ...closing].map(() => null)),
    buckets: [...buckets, ...closing],
  };
}

function totals(picture: DayPicture, span: Bucket): AlignedData {
  const { dataUntil, steps, dayStart, landing, restSpread } = picture;
  const ends = [span.start, ...quarterBuckets(span.start, span.end).map(({ end }) => end)];
  const isBetween = dataUntil > span.start && dataUntil < span.end && !ends.includes(dataUntil);
  const xs = isBetween ? [...ends, dataUntil].sort((a, b) => a - b) : ends;
  const buckets = xs.map((x) => ({ start: dayStart, end: x }));
  const earlier = steps.filter((step) => step.start < span.start);
  // What the day was expected to come to ends where a better guess begins: at what is counted.
  const isBelief = (x: number) => steps.length > 0 && (landing === null || x <= dataUntil);
  const expectations = xs.map((x) => {
    if (!isBelief(x)) return null;
    return x === span.start ? sumExpectations(earlier) : expectedUntil(steps, x);
  });
  const actual = buckets.map((bucket) => (bucket.end <= dataUntil ? netOf(picture, bucket) : null));
  const lastWeek = buckets.map((bucket) => lastWeekOf(picture, bucket));
  const running = xs.map(() => null);
  const fan = xs.map((x) => {
    if (landing === null || x < dataUntil) return null;
    return onTop(Number(picture.net), restBetween(steps, restSpread, dataUntil, x));
  });
  return {
    xs,
    actual,
    running,
    ...bandColumns(expectations),
    lastWeek,
    ...fanColumns(fan),
    buckets,
  };
}

function fanColumns(
  fan: readonly (Expectation | null)[],
): Pick<AlignedData, "fan" | "fanP10" | "fanP90"> {
  const { expected, p10, p90 } = bandColumns(fan);
  return { fan: expected, fanP10: p10, fanP90: p90 };
}

function bandColumns(expectations: readonly (Expectation | null)[]): {
  expected: (number | null)[];
  p10: (number | null)[];
  p90: (number | null)[];
} {
  return {
    expected: expectations.map((expectation) => expectation?.p50 ?? null),
    p10: expectations.map((expectation) => expectation?.p10 ?? null),
    p90: expectations.map((expectation) => expectation?.p90 ?? null),
  };
}

/** Sales of a bucket; one that ends inside a quarter hour (at the present moment) has it whole. */
function netOf({ quarters }: DayPicture, { start, end }: Bucket): number {
  let net = 0n;
  for (const quarter of quarters.values()) {
    if (quarter.start >= start && quarter.start < end) net += quarter.net;
  }
  return Number(net);
}

function lastWeekOf({ lastWeek }: DayPicture, { start, end }: Bucket): number | null {
  if (lastWeek.size === 0) return null;
  let net = 0;
  for (const [quarterStart, amount] of lastWeek) {
    if (quarterStart < start || quarterStart >= end) continue;
    net += Number(amount) * Math.min(1, (end - quarterStart) / WINDOW_MS);
  }
  return net;
}
