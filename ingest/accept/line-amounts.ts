import type { OrderPush } from "@tillcast/schemas";
import type { Fault } from "./faults.ts";

type LinePush = OrderPush["lines"][number];

/** Net of every line: checked where it is given, computed where it is not. */
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
  if (computed < 0n) {
    faults.push({ field: `${path}.discount`, reason: `${formula} must not be negative` });
  } else if (line.net !== undefined && line.net !== computed) {
    faults.push({
      field: `${path}.net`,
      reason: `must be ${formula} = ${computed} with taxMode "${taxMode}"; got ${line.net}`,
    });
  }
  return computed;
}

/** Where tax is inside some prices and outside others, only the sender knows which. */
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
  if (net !== withTax && net !== withoutTax) {
    faults.push({
      field: `${path}.net`,
      reason: `must be ${withTax} (tax on top) or ${withoutTax} (tax inside); got ${net}`,
    });
  }
  return net;
}

/** Finds a refund that gives back more than its own amount. */
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
