import { isRevenue, type OrderPush, type OrderSnapshot } from "@tillcast/schemas";
import type { Fault } from "./faults.ts";
import { allowanceOf, type ReconciledTotals, reconcileTotals } from "./given-totals.ts";
import type { FeedContext } from "./order-context.ts";

type Totals = OrderSnapshot["totals"];
type LineSums = Pick<Totals, "gross" | "discount" | "net" | "tax">;

/**
 * Computes the order's totals from its parts: lines that were not voided, charges, and tips of payments that
 * did not fail. Tills differ: some include voided lines, lines without revenue (gift cards) or the tip. The
 * sender's totals may be summed in any of these ways.
 */
export function totalsOf(
  order: OrderPush,
  nets: readonly bigint[],
  feed: Pick<FeedContext, "roundingBy" | "toleranceMinor">,
  faults: Fault[],
): ReconciledTotals {
  const ways = waysToSum(order, nets);
  const charges = chargeSums(order);
  const tips = tipSums(order);
  const totals = composeTotals(ways[0] as LineSums, charges, tips[0] as bigint);
  if (order.totals === undefined) return { totals, unreconciled: null };
  const [, ...others] = ways.flatMap((sums) =>
    tips.map((tip) => composeTotals(sums, charges, tip)),
  );
  return reconcileTotals(order.totals, [totals, ...others], allowanceOf(order, feed), faults);
}

function composeTotals(
  lines: LineSums,
  charges: ReturnType<typeof chargeSums>,
  tip: bigint,
): Totals {
  const tax = lines.tax + charges.tax;
  return {
    gross: lines.gross,
    discount: lines.discount,
    net: lines.net,
    charges: charges.charges,
    gratuity: charges.gratuity,
    tax,
    tip,
    rounding: charges.rounding,
    total: lines.net + charges.charges + charges.gratuity + tax + charges.rounding,
  };
}

/** Our own way first; other ways only if they differ. */
function waysToSum(order: OrderPush, nets: readonly bigint[]): LineSums[] {
  const hasVoided = order.lines.some(isVoided);
  const hasOther = order.lines.some((line) => !isSales(line));
  const ways = [sumLines(order, nets, (line) => !isVoided(line))];
  if (order.totals === undefined) return ways;
  if (hasVoided) ways.push(sumLines(order, nets, () => true));
  if (hasOther) ways.push(sumLines(order, nets, (line) => isSales(line) && !isVoided(line)));
  if (hasVoided && hasOther) ways.push(sumLines(order, nets, isSales));
  return ways;
}

function sumLines(
  order: OrderPush,
  nets: readonly bigint[],
  isIn: (line: OrderPush["lines"][number]) => boolean,
): LineSums {
  const sums = { gross: 0n, discount: 0n, net: 0n, tax: 0n };
  order.lines.forEach((line, at) => {
    if (!isIn(line)) return;
    // Returned lines of an exchange have a negative quantity and amounts without a sign. A returned
    // deposit has a sign.
    const sign = line.qty < 0n && line.gross >= 0n ? -1n : 1n;
    sums.gross += sign * line.gross;
    sums.discount += sign * line.discount;
    sums.net += sign * (nets[at] as bigint);
    sums.tax += sign * line.tax;
  });
  return sums;
}

/** Charges by kind, and the tax of no line: tax of charges and of the order as a whole. */
function chargeSums(order: OrderPush) {
  const sums = { charges: 0n, gratuity: 0n, rounding: 0n, tax: order.tax ?? 0n };
  for (const charge of order.charges) {
    sums.tax += charge.tax;
    if (charge.kind === "gratuity") sums.gratuity += charge.net;
    else if (charge.kind === "rounding") sums.rounding += charge.net;
    else sums.charges += charge.net;
  }
  return sums;
}

/** Tips of completed and pending payments; then of completed payments only. */
function tipSums(order: OrderPush): bigint[] {
  let done = 0n;
  let pending = 0n;
  for (const payment of order.payments) {
    if (payment.status === "done") done += payment.tip;
    else if (payment.status === "pending") pending += payment.tip;
  }
  return pending === 0n ? [done] : [done + pending, done];
}

const isSales = (line: OrderPush["lines"][number]): boolean => line.revenue ?? isRevenue(line.kind);

function isVoided(line: OrderPush["lines"][number]): boolean {
  return line.voidedAt !== null && line.voidedAt !== undefined;
}
