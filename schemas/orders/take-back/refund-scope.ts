import { divideHalfEven } from "../../money/round.ts";
import type { OrderSnapshot } from "../order-snapshot.ts";
import type { BillPart } from "./bill-parts.ts";
import { type Cell, cellsOf } from "./take-shares.ts";

export type Refund = OrderSnapshot["refunds"][number];

/** The parts that a refund names: those of the first list are taken back before those of the next. */
export type RefundScope = readonly (readonly BillPart[])[];

/**
 * The parts that a refund names: a line with its charges and then its modifiers, or the charges of a kind;
 * null where it names none, or none of this order, and gives back of the whole bill.
 */
export function scopeOf(
  refund: Refund,
  parts: readonly BillPart[],
  order: OrderSnapshot,
): RefundScope | null {
  const { lineKey, chargeKind } = refund;
  if (lineKey === null || !namesLine(refund, order)) {
    if (chargeKind === null) return null;
    return [parts.filter(({ charge }) => charge?.kind === chargeKind)];
  }
  const ofLine = (keys: ReadonlySet<string | null>): BillPart[] =>
    parts.filter(({ line, charge }) => {
      if (chargeKind !== null && charge?.kind !== chargeKind) return false;
      return (line !== null && keys.has(line.key)) || keys.has(charge?.lineKey ?? null);
    });
  return [ofLine(new Set([lineKey])), ofLine(modifiersOf(lineKey, order))];
}

/** True where the line that a refund names is a line of its order. */
export const namesLine = ({ lineKey }: Refund, order: OrderSnapshot): boolean =>
  order.lines.some((line) => line.key === lineKey);

/** Keys of the lines that belong to a line, and of those that belong to them. */
function modifiersOf(lineKey: string, order: OrderSnapshot): Set<string> {
  const keys = new Set<string>();
  for (let parents = new Set([lineKey]); parents.size > 0; ) {
    const children = order.lines.filter(
      ({ key, parentKey }) => parentKey !== null && parents.has(parentKey) && !keys.has(key),
    );
    for (const { key } of children) keys.add(key);
    parents = new Set(children.map(({ key }) => key));
  }
  keys.delete(lineKey);
  return keys;
}

/**
 * The share that some parts have in the tax of the order as a whole, by their net; a cell of the part that
 * holds that tax, which is the last one.
 */
export function orderTaxShare(scope: readonly BillPart[], parts: readonly BillPart[]): Cell[] {
  const part = parts.at(-1);
  const all = netOf(parts);
  if (part === undefined || part.tax <= 0n || all === 0n) return [];
  const most = divideHalfEven(part.tax * netOf(scope), all);
  return most > 0n ? [{ part, column: "tax", most }] : [];
}

/** What is left of the tax of the order as a whole. */
export const orderTaxCells = (parts: readonly BillPart[]): Cell[] => cellsOf(parts.slice(-1));

/** True for the rounding of a bill to coins, which goes back with the last of the bill, not in shares. */
export const isRounding = ({ charge }: BillPart): boolean => charge?.kind === "rounding";

function netOf(parts: readonly BillPart[]): bigint {
  return parts.reduce((sum, part) => {
    const isSales = part.line?.revenue === true || (part.charge !== null && !isRounding(part));
    return isSales && part.net > 0n ? sum + part.net : sum;
  }, 0n);
}
