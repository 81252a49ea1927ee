/**
 * How an hour's sales fall on its four quarters, learnt from the store's own windows: the share of
 * each quarter, and how far single quarters stray. A quarter strays far more than its hour.
 */
import { forecastQuantiles } from "@tillcast/schemas";
import { quantileOfSorted } from "../quantiles.ts";
import { type RatioQuantiles, withMeanOne } from "./step-values.ts";

/** What a store sold in one 15-minute window of its past. */
export interface QuarterSales {
  readonly businessDate: string;
  /** The local clock hour, 0 to 23. */
  readonly hour: number;
  /** Which quarter of the hour, 0 to 3. */
  readonly quarter: number;
  readonly amount: number;
}

export interface QuarterProfile {
  /** The share of each quarter in its hour; a quarter each where the hour is unknown. */
  shareOf(hour: number, quarter: number): number;
  /** The spread of a quarter in which `expected` is expected. */
  spreadOf(expected: number): RatioQuantiles;
}

/** An even split counts as much as this share of what was seen, so that few sales split smoothly. */
const evenShare = 0.1;
/** Quarters are judged with others of about their size. */
const sizeClasses = 4;
/** Fewer quarters than this in a class say too little about the spread. */
const classMinCount = 40;
/** The spread of a quarter of a store without a past: wide, and often empty. */
const widestSpread: RatioQuantiles = withMeanOne(
  forecastQuantiles.map((level) => Math.max(0, -Math.log(1 - level) * 1.3 - 0.2)),
);

/** Learns the profile from the windows of the last weeks. Windows without sales may be absent. */
export function learnQuarterProfile(windows: readonly QuarterSales[]): QuarterProfile {
  const sums = new Float64Array(24 * 4);
  const days = new Set<string>();
  for (const { businessDate, hour, quarter, amount } of windows) {
    sums[hour * 4 + quarter] = (sums[hour * 4 + quarter] as number) + amount;
    days.add(businessDate);
  }
  const shareOf = (hour: number, quarter: number): number => {
    const total = hourTotal(sums, hour);
    if (total === 0) return 0.25;
    const own = Math.max(0, sums[hour * 4 + quarter] as number) / total;
    return (1 - evenShare) * own + evenShare * 0.25;
  };
  const classes = learnClasses(windows, sums, days.size);
  return {
    shareOf,
    spreadOf: (expected) =>
      classes.find((one) => expected <= one.expectedMax)?.ratios ??
      classes.at(-1)?.ratios ??
      widestSpread,
  };
}

function hourTotal(sums: Float64Array, hour: number): number {
  return sums.subarray(hour * 4, hour * 4 + 4).reduce((sum, value) => sum + Math.max(0, value), 0);
}

interface SizeClass {
  readonly expectedMax: number;
  readonly ratios: RatioQuantiles;
}

/** Compares each quarter of each day with its mean over all days, absent windows being zero. */
function learnClasses(
  windows: readonly QuarterSales[],
  sums: Float64Array,
  dayCount: number,
): SizeClass[] {
  const amounts = new Map<number, number[]>();
  for (const { hour, quarter, amount } of windows) {
    const cell = hour * 4 + quarter;
    const list = amounts.get(cell);
    if (list === undefined) amounts.set(cell, [amount]);
    else list.push(amount);
  }
  const cells = [...amounts.keys()]
    .map((cell) => ({ cell, expected: (sums[cell] as number) / dayCount }))
    .filter(({ expected }) => expected > 0)
    .sort((a, b) => a.expected - b.expected);
  const perClass = Math.ceil(cells.length / sizeClasses);
  const classes: SizeClass[] = [];
  for (let from = 0; from < cells.length; from += perClass) {
    const members = cells.slice(from, from + perClass);
    const ratios = members.flatMap(({ cell, expected }) => {
      const sold = (amounts.get(cell) as number[]).map((amount) => Math.max(0, amount) / expected);
      return [...sold, ...new Array<number>(Math.max(0, dayCount - sold.length)).fill(0)];
    });
    if (ratios.length < classMinCount) continue;
    const sorted = Float64Array.from(ratios).sort();
    const expectedMax = members.at(-1)?.expected ?? 0;
    const quantiles = forecastQuantiles.map((level) => quantileOfSorted(sorted, level));
    classes.push({ expectedMax, ratios: withMeanOne(quantiles) });
  }
  return classes;
}
