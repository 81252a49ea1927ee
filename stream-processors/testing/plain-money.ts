import type { OrderSnapshot } from "@tillcast/schemas";

/** The sum of some amounts. */
export function total(amounts: readonly bigint[]): bigint {
  let sum = 0n;
  for (const amount of amounts) sum += amount;
  return sum;
}

/** A quotient, rounded to the nearest, a tie to the even one. */
export function nearestEven(numerator: bigint, denominator: bigint): bigint {
  const below = numerator / denominator;
  const twice = 2n * (numerator - below * denominator);
  if (twice < denominator) return below;
  if (twice > denominator) return below + 1n;
  return below % 2n === 0n ? below : below + 1n;
}

/** Deals cents out by weight: whole shares first, then one at a time to whoever is owed most. */
export function deal(amount: bigint, weights: readonly bigint[]): bigint[] {
  const all = total(weights);
  if (all === 0n) return weights.map(() => 0n);
  const shares = weights.map((weight) => (amount * weight) / all);
  const lacks = weights.map((weight, at) => amount * weight - (shares[at] as bigint) * all);
  for (let left = amount - total(shares); left > 0n; left -= 1n) {
    let best = 0;
    weights.forEach((weight, at) => {
      const [mine, most] = [lacks[at] as bigint, lacks[best] as bigint];
      if (mine > most || (mine === most && weight > (weights[best] as bigint))) best = at;
    });
    shares[best] = (shares[best] as bigint) + 1n;
    lacks[best] = -1n;
  }
  return shares;
}

/** When an order counts; null while it does not. */
export function countedAt(order: OrderSnapshot): number | null {
  if (order.kind === "non_revenue") return null;
  if (order.countedWhen === "ordered") return order.openedAt;
  if (order.paidAt !== null) return order.paidAt;
  const done = order.payments.filter(({ status }) => status === "done");
  const asked = order.totals.total + (order.unreconciled ?? 0n);
  const enough = done
    .map(({ at }) => at)
    .filter((at) => total(done.filter((one) => one.at <= at).map(({ amount }) => amount)) >= asked);
  if (enough.length > 0) return Math.min(...enough);
  return order.status === "open" ? null : (order.closedAt ?? order.openedAt);
}

/** Books money taken and given back by method. */
export function bookTenders(
  order: OrderSnapshot,
  book: (date: string, column: string, amount: bigint) => void,
): void {
  const isReturn = order.kind === "return";
  const done = order.payments.filter(({ status }) => status === "done");
  for (const { businessDate, method, amount, tip } of done) {
    if (isReturn) book(businessDate, `tender ${method} refunded`, amount + tip);
    else {
      book(businessDate, `tender ${method} amount`, amount);
      book(businessDate, `tender ${method} tip`, tip);
    }
  }
  const refunds = order.refunds.filter(({ status }) => status === "done");
  const paid = total(done.map(({ amount, tip }) => amount + tip));
  const given = total(refunds.map(({ amount, tip }) => amount + tip));
  // A return that is told as paid out and as refunded was paid out once.
  const beyond = paid + given - order.totals.total - order.totals.tip;
  let again = isReturn ? [beyond, paid, given].reduce((a, b) => (a < b ? a : b)) : 0n;
  for (const { businessDate, paymentKey, amount, tip } of refunds) {
    const method = order.payments.find(({ key }) => key === paymentKey)?.method ?? "unknown";
    const less = again <= 0n ? 0n : again < amount + tip ? again : amount + tip;
    again -= less;
    book(businessDate, `tender ${method} refunded`, amount + tip - less);
  }
}
