import { isMinorInRange, MINOR_MAX, type OrderPush, type OrderSnapshot } from "@tillcast/schemas";
import type { Fault } from "./faults.ts";
import type { FeedStamp } from "./stamp-context.ts";

type Totals = OrderSnapshot["totals"];

/** The order's totals, and what its sender's own total has beyond the sum of its parts. */
export interface ReconciledTotals {
  readonly totals: Totals;
  /** Null where nothing is left over. */
  readonly unreconciled: bigint | null;
}

/** How far a sender's totals may lie from the sum of the parts; null is any distance. */
export type Allowance = bigint | null;

/**
 * Who pushes keeps to its own arithmetic within what its feed states: a tolerance, and where it rounds once
 * for the order, what the roundings of the parts may add up to. A vendor's or a file's own total stands,
 * since nobody can be asked to send it again.
 */
export function allowanceOf(
  order: Pick<OrderPush, "source" | "lines" | "charges">,
  feed: Pick<FeedStamp, "roundingBy" | "toleranceMinor">,
): Allowance {
  if (order.source !== "push" && order.source !== "simulator") return null;
  const parts = order.lines.length + order.charges.length;
  // Each part is off by half a unit at most, and so is the order.
  const rounded =
    feed.roundingBy === "order" && parts > 1 ? BigInt(Math.floor((parts + 1) / 2)) : 0n;
  return feed.toleranceMinor + rounded;
}

/**
 * Holds the totals that a sender gave against `ways`, each a way in which tills sum a bill up, the first being
 * ours. A given total stands; by how much it differs from the sum that is nearest to it is left over.
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

/** What the total is the sum of. */
const addends = ["net", "charges", "gratuity", "tax", "rounding"] as const;

/** Some tills have the tip in their total. */
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
