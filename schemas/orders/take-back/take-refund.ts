import type { OrderSnapshot } from "../order-snapshot.ts";
import { type BillPart, moneyOf } from "./bill-parts.ts";
import {
  isRounding,
  orderTaxCells,
  orderTaxShare,
  type Refund,
  type RefundScope,
  scopeOf,
} from "./refund-scope.ts";
import {
  type Cell,
  cellsOf,
  type TakenParts,
  takeAll,
  takeShares,
  takeUnits,
} from "./take-shares.ts";

/** A bill that counted, with what voids and refunds left of it. */
export interface Bill {
  /** The last one is the tax of the order as a whole. */
  readonly parts: readonly BillPart[];
  /** What the vendor's own total has beyond the parts. */
  unreconciled: bigint;
  tips: bigint;
  /** False where the order names no payments, so that its tips are not known. */
  readonly tellsTips: boolean;
  /** What the bill itself gives back: the total of a return. A refund is first how that was paid. */
  owed: bigint;
  owedTips: bigint;
  /** Money that was paid beyond the bill. */
  readonly paidBeyond: bigint;
  /** What the order's void took back that belongs to no part, and no refund has given back yet. */
  voidedElse: bigint;
  voidedTips: bigint;
  isVoided: boolean;
}

/** What a refund takes of a bill. */
interface Refunded {
  readonly taken: TakenParts;
  readonly tip: bigint;
  readonly unreconciled: bigint;
  readonly excess: bigint;
  readonly tipExcess: bigint;
}

/**
 * Takes a refund from what it names, in shares of what is left. What the bill owes, and what a void took
 * back already, counts once: the refund is how that money went back. The rest is its excess.
 */
export function takeRefund(bill: Bill, refund: Refund, order: OrderSnapshot): Refunded {
  const taken: TakenParts = new Map();
  const scope = scopeOf(refund, bill.parts, order);
  const vendorBefore = bill.unreconciled;
  const excess =
    scope === null ? takeOfBill(bill, refund, taken) : takeOfParts(bill, refund, scope, taken);
  takeUnitsOfEmptied(bill, scope, taken);
  const { tip, tipExcess } = takeTip(bill, refund.tip);
  const unreconciled = bill.unreconciled - vendorBefore - excess - tipExcess;
  return { taken, tip, unreconciled, excess, tipExcess };
}

/** Takes from the whole bill; all of it, to the last unit, where the refund is all that is left. */
function takeOfBill(bill: Bill, refund: Refund, taken: TakenParts): bigint {
  const { parts } = bill;
  const amount = meetOwed(bill, refund.amount);
  if (amount === 0n) return 0n;
  if (amount === parts.reduce((sum, part) => sum + moneyOf(part), bill.unreconciled)) {
    takeAll(taken, parts);
    bill.unreconciled = 0n;
    return 0n;
  }
  let left = amount;
  const inShares = parts.filter((part) => !isRounding(part));
  if (saysParts(refund)) left -= takeSaid(taken, inShares, [], refund, left);
  else left -= takeShares(taken, cellsOf(inShares), left);
  left -= takeShares(taken, cellsOf(parts.filter(isRounding)), left);
  const ofVendor = least(left, bill.unreconciled);
  bill.unreconciled -= ofVendor;
  left -= ofVendor;
  return meetVoidedElse(bill, meetVoided(parts, left));
}

/** Takes from the parts that a refund names. */
function takeOfParts(bill: Bill, refund: Refund, scope: RefundScope, taken: TakenParts): bigint {
  const { parts } = bill;
  let left = refund.amount;
  for (const tier of scope) {
    if (saysParts(refund)) left -= takeSaid(taken, tier, orderTaxCells(parts), refund, left);
    else left -= takeShares(taken, [...cellsOf(tier), ...orderTaxShare(tier, parts)], left);
  }
  left = meetVoided(bill.isVoided ? parts : scope.flat(), left);
  if (bill.isVoided) left = meetVoidedElse(bill, left);
  // The tax of the order as a whole is not told by line; a line's own may be more than its share.
  if (!saysParts(refund)) left -= takeShares(taken, orderTaxCells(parts), left);
  return meetOwed(bill, left);
}

const saysParts = ({ net, tax }: Refund): boolean => net !== null || tax !== null;

/**
 * Takes the net and the tax that the vendor says, where that much is left, and the rest from charges and
 * from what is no revenue. A refund that says only one of both has the other in its amount.
 */
function takeSaid(
  taken: TakenParts,
  parts: readonly BillPart[],
  furtherTax: readonly Cell[],
  refund: Refund,
  amount: bigint,
): bigint {
  const cells = cellsOf(parts);
  const hasRevenue = parts.some(({ line }) => line?.revenue === true);
  const isNet = ({ part, column }: Cell): boolean =>
    column === "net" && (!hasRevenue || part.line?.revenue === true);
  const said = refund.net ?? refund.amount - (refund.tax ?? 0n);
  let left = amount;
  left -= takeShares(taken, cells.filter(isNet), least(said, left));
  const tax = [...cells.filter(({ column }) => column === "tax"), ...furtherTax];
  left -= takeShares(taken, tax, least(refund.tax ?? left, left));
  const others = cells.filter((cell) => cell.column === "net" && !isNet(cell));
  left -= takeShares(taken, others, left);
  return amount - left;
}

/** Units go back with a line of which nothing is left, and all of them with the last of the bill. */
function takeUnitsOfEmptied(bill: Bill, scope: RefundScope | null, taken: TakenParts): void {
  for (const { part, net } of taken.values()) {
    if (net !== 0n && part.net === 0n) takeUnits(taken, part);
  }
  if (scope !== null || taken.size === 0 || cellsOf(bill.parts).length > 0) return;
  for (const part of bill.parts) if (part.units > 0n) takeUnits(taken, part);
}

function takeTip(bill: Bill, amount: bigint): { tip: bigint; tipExcess: bigint } {
  const owed = least(amount, bill.owedTips);
  bill.owedTips -= owed;
  // Who tells no payments tells no tips either; what is given back of them is taken as it is said.
  const tip = bill.tellsTips ? least(amount - owed, bill.tips) : amount - owed;
  bill.tips -= tip;
  const voided = least(amount - owed - tip, bill.voidedTips);
  bill.voidedTips -= voided;
  return { tip, tipExcess: amount - owed - tip - voided };
}

/** Answers what is left of an amount once what the bill owes is paid with it. */
function meetOwed(bill: Bill, amount: bigint): bigint {
  const met = least(amount, bill.owed);
  bill.owed -= met;
  return amount - met;
}

/** Answers what is left of an amount once what voids took back is given back with it. */
function meetVoided(parts: readonly BillPart[], amount: bigint): bigint {
  let left = amount;
  for (const part of parts) {
    const met = least(left, part.voided);
    part.voided -= met;
    left -= met;
  }
  return left;
}

function meetVoidedElse(bill: Bill, amount: bigint): bigint {
  const met = least(amount, bill.voidedElse);
  bill.voidedElse -= met;
  return amount - met;
}

/** The lesser of two amounts, and nothing of one below zero. */
function least(amount: bigint, most: bigint): bigint {
  const lesser = amount < most ? amount : most;
  return lesser > 0n ? lesser : 0n;
}
