import type { OrderCharge, OrderLine, OrderSnapshot } from "../order-snapshot.ts";

/**
 * A part of a bill that counted, with what is left of it. Amounts carry the sign with which the sale
 * posted them: those of goods that come back and of deposits given back are negative.
 */
export interface BillPart {
  readonly line: OrderLine | null;
  /** Null for a line, and for the tax of the order as a whole. */
  readonly charge: OrderCharge | null;
  net: bigint;
  tax: bigint;
  /** In millionths; counted where the line is revenue. */
  units: bigint;
  /** Money of it that a void took back and no refund has given back yet. */
  voided: bigint;
  isVoided: boolean;
}

/** True for a line that was in the sale when it counted; one voided earlier never was. */
export const isSold = (line: OrderLine, countedAt: number): boolean =>
  line.voidedAt === null || line.voidedAt > countedAt;

/** True for a line that goes back over the counter: all of a return, the negative ones of an exchange. */
export const isReturned = (line: OrderLine, order: Pick<OrderSnapshot, "kind">): boolean =>
  order.kind === "return" || (order.kind === "exchange" && line.quantityMicro < 0n);

/** Units of a line as sales count them: modifiers are part of their parent. */
export const unitsOf = (line: OrderLine): bigint =>
  line.parentKey === null ? magnitude(line.quantityMicro) : 0n;

/** The parts of an order that counts at `countedAt`: its lines, its charges, and last the order's own tax. */
export function billParts(order: OrderSnapshot, countedAt: number): BillPart[] {
  const sign = order.kind === "return" ? -1n : 1n;
  const parts: BillPart[] = [];
  const add = (part: Pick<BillPart, "line" | "charge" | "net" | "tax" | "units">): void => {
    parts.push({ ...part, voided: 0n, isVoided: false });
  };
  for (const line of order.lines) {
    if (!isSold(line, countedAt)) continue;
    const factor = isReturned(line, order) ? -1n : 1n;
    const units = factor * unitsOf(line);
    add({ line, charge: null, net: factor * line.net, tax: factor * line.tax, units });
  }
  for (const charge of order.charges) {
    add({ line: null, charge, net: sign * charge.net, tax: sign * charge.tax, units: 0n });
  }
  add({ line: null, charge: null, net: 0n, tax: sign * (order.orderTax ?? 0n), units: 0n });
  return parts;
}

/** What a part is worth in money; negative where the bill owes it. */
export const moneyOf = (part: Pick<BillPart, "net" | "tax">): bigint => part.net + part.tax;

const magnitude = (value: bigint): bigint => (value < 0n ? -value : value);
