import type { OrderPush } from "@tillcast/schemas";
import type { Fault } from "./faults.ts";

type LinePush = OrderPush["lines"][number];

/** The net of every line: checked if the sender gave it, else computed. */
export function netOfLines(order: OrderPush, faults: Fault[]): bigint[] {
  return order.lines.map((line, at) => netOfLine(order.taxMode, line, `lines[${at}]`, faults));
}

function netOfLine(
  taxMode: OrderPush["taxMode"],
  line: LinePush,
  path: string,
  faults: Fault[],
): bigint {
  const withTax = line.gross - line.discount;
  const withoutTax = withTax - line.tax;
  if (taxMode === "mixed") return netOfMixedLine(line, path, withTax, withoutTax, faults);
  const computed = taxMode === "inclusive" ? withoutTax : withTax;
  const formula = taxMode === "inclusive" ? "gross - discount - tax" : "gross - discount";
  if (computed < 0n && line.gross >= 0n) {
    faults.push({ field: `${path}.discount`, reason: `${formula} must not be negative` });
  } else if (line.net !== undefined && line.net !== computed) {
    faults.push({
      field: `${path}.net`,
      reason: `must be ${formula} = ${computed} with taxMode "${taxMode}"; got ${line.net}`,
    });
  }
  return computed;
}

/**
 * If tax is included in some prices and not in others, only the sender knows which. One line may have both: an
 * included tax and a levy on top.
 */
function netOfMixedLine(
  line: LinePush,
  path: string,
  withTax: bigint,
  withoutTax: bigint,
  faults: Fault[],
): bigint {
  const net = line.net ?? (line.tax === 0n ? withTax : undefined);
  if (net === undefined) {
    faults.push({ field: `${path}.net`, reason: 'must be given with taxMode "mixed"' });
    return 0n;
  }
  const [least, most] = withTax < withoutTax ? [withTax, withoutTax] : [withoutTax, withTax];
  if (net < least || net > most) {
    faults.push({
      field: `${path}.net`,
      reason: `must lie between ${withoutTax} (tax inside) and ${withTax} (tax on top); got ${net}`,
    });
  } else if (net < 0n && line.gross >= 0n) {
    faults.push({ field: `${path}.net`, reason: `must not be negative; got ${net}` });
  }
  return net;
}

/**
 * Lowers discounts that are above their line's price, and returns by how much. Tills that split a bill's
 * discount may take a cent more off a line than it costs. At most `most` is lowered in all; a larger excess
 * stays and is a fault.
 */
export function lowerDiscounts(order: OrderPush, most: bigint): { order: OrderPush; over: bigint } {
  let over = 0n;
  if (most === 0n) return { order, over };
  const lines = order.lines.map((line) => {
    const taxInside = order.taxMode === "inclusive" ? line.tax : 0n;
    const beyond = line.discount - (line.gross - taxInside);
    if (line.gross < 0n || beyond <= 0n || beyond > line.discount || over + beyond > most)
      return line;
    over += beyond;
    return { ...line, discount: line.discount - beyond };
  });
  return over === 0n ? { order, over } : { order: { ...order, lines }, over };
}

/** Finds a refund whose parts exceed its own amount. */
export function checkRefunds(order: OrderPush, faults: Fault[]): void {
  order.refunds.forEach((refund, at) => {
    const parts = (refund.net ?? 0n) + (refund.tax ?? 0n);
    if (parts <= refund.amount) return;
    faults.push({
      field: `refunds[${at}].amount`,
      reason: `must be at least net + tax = ${parts}; got ${refund.amount}`,
    });
  });
}
