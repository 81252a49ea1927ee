import { isMinorInRange, MINOR_MAX, type OrderPush, type OrderSnapshot } from "@tillcast/schemas";
import type { Fault } from "./faults.ts";
import type { FeedContext } from "./order-context.ts";

type Totals = OrderSnapshot["totals"];

/** The order's totals, and by how much the sender's total exceeds the sum of the parts. */
export interface ReconciledTotals {
  readonly totals: Totals;
  /** Null if there is no difference. */
  readonly unreconciled: bigint | null;
}

/** By how much a sender's totals may differ from the sum of the parts; null means any amount. */
export type Allowance = bigint | null;

/**
 * A push may differ by its feed's tolerance. If the feed rounds once per order, it may also differ by what
 * the roundings of the parts add up to. Totals of vendors and files are always accepted, because nobody can be
 * asked to send them again.
 */
export function allowanceOf(
  order: Pick<OrderPush, "source" | "lines" | "charges">,
  feed: Pick<FeedContext, "roundingBy" | "toleranceMinor">,
): Allowance {
  if (order.source !== "push" && order.source !== "simulator") return null;
  const parts = order.lines.length + order.charges.length;
  // Each part differs by half a unit at most, and so does the order.
  const rounded =
    feed.roundingBy === "order" && parts > 1 ? BigInt(Math.floor((parts + 1) / 2)) : 0n;
  return feed.toleranceMinor + rounded;
}

/**
 * Compares the sender's totals with `ways`, the ways in which tills sum a bill; the first is ours. The sender's
 * total is kept, and its difference from the nearest sum is unreconciled.
 */
export function reconcileTotals(
  given: NonNullable<OrderPush["totals"]>,
  ways: readonly [Totals, ...Totals[]],
  allowance: Allowance,
  faults: Fault[],
): ReconciledTotals {
  const [ours] = ways;
  const totals = { ...ours };
  const left: Partial<Totals> = {};
  for (const [name, value] of Object.entries(given) as [keyof Totals, bigint | undefined][]) {
    if (value === undefined) continue;
    const difference = nearest(value, sumsOf(name, ways));
    if (allowance !== null && magnitude(difference) > allowance) {
      faults.push({ field: `totals.${name}`, reason: differs(ours[name], value, allowance) });
    } else if (!isMinorInRange(difference)) {
      faults.push({
        field: `totals.${name}`,
        reason: `is more than ${MINOR_MAX} away from ${ours[name]}, the sum of the order's parts`,
      });
    }
    totals[name] = ours[name] + difference;
    left[name] = difference;
  }
  const unreconciled = left.total ?? addends.reduce((sum, name) => sum + (left[name] ?? 0n), 0n);
  if (left.total === undefined) totals.total = ours.total + unreconciled;
  return { totals, unreconciled: unreconciled === 0n ? null : unreconciled };
}

/** The sum that the total should equal. */
const addends = ["net", "charges", "gratuity", "tax", "rounding"] as const;

/** Some tills include the tip in their total. */
const sumsOf = (name: keyof Totals, ways: readonly Totals[]): bigint[] =>
  ways.flatMap((way) => (name === "total" ? [way.total, way.total + way.tip] : [way[name]]));

function nearest(value: bigint, sums: readonly bigint[]): bigint {
  const differences = sums.map((sum) => value - sum);
  return differences.reduce((best, one) => (magnitude(one) < magnitude(best) ? one : best));
}

const magnitude = (amount: bigint): bigint => (amount < 0n ? -amount : amount);

function differs(ours: bigint, given: bigint, allowance: bigint): string {
  const within = allowance === 0n ? "" : `, give or take ${allowance}`;
  return `must be ${ours}, the sum of the order's parts${within}; got ${given}`;
}
