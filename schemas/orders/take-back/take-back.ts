import type { OrderSnapshot } from "../order-snapshot.ts";
import { type BillPart, billParts, isSold, moneyOf } from "./bill-parts.ts";
import { type Bill, takeRefund } from "./take-refund.ts";
import { type Taken, type TakenParts, takeAll } from "./take-shares.ts";

/** What a void or a refund takes back of an order that counted. */
export interface TakeBack {
  readonly cause: "lineVoid" | "orderVoid" | "refund";
  /** Of the line or the refund; the order's void has none. */
  readonly key: string;
  readonly at: number;
  readonly businessDate: string;
  readonly taken: ReadonlyMap<BillPart, Taken>;
  /** In the sign with which the sale posted it. */
  readonly tip: bigint;
  /** Change of what the parts do not explain: the vendor's difference taken back, less the excess. */
  readonly unreconciled: bigint;
  /** What a refund gives back beyond what is left of what it names; for one within its bill 0. */
  readonly excess: bigint;
  readonly tipExcess: bigint;
}

type Act = Pick<TakeBack, "cause" | "key" | "at" | "businessDate"> & {
  readonly take: () => Pick<TakeBack, "taken" | "tip" | "unreconciled" | "excess" | "tipExcess">;
};

/**
 * What voids and refunds take back of an order that counts at `countedAt`, each from what those before it
 * left: all of them together never take back more than was sold. They are taken by their instant; at one
 * instant voids come before refunds, and each by its key. The one place that decides this.
 */
export function takeBacks(order: OrderSnapshot, countedAt: number): TakeBack[] {
  const bill = openBill(order, countedAt);
  return actsOf(order, countedAt, bill)
    .sort((a, b) => a.at - b.at || rankOf(a) - rankOf(b) || (a.key < b.key ? -1 : 1))
    .map(({ take, ...act }) => ({ ...act, ...take() }));
}

const ranks = { lineVoid: 0, orderVoid: 1, refund: 2 } as const;
const rankOf = ({ cause }: Act): number => ranks[cause];

function openBill(order: OrderSnapshot, countedAt: number): Bill {
  const sign = order.kind === "return" ? -1n : 1n;
  const parts = billParts(order, countedAt);
  const unreconciled = sign * (order.unreconciled ?? 0n);
  const tips = sign * sumOf(order, (payment) => payment.tip);
  const total = parts.reduce((sum, part) => sum + moneyOf(part), unreconciled);
  const beyond = sumOf(order, (payment) => payment.amount) - total;
  return {
    parts,
    unreconciled,
    tips,
    tellsTips: order.payments.length > 0,
    owed: positive(-total),
    owedTips: positive(-tips),
    paidBeyond: positive(beyond),
    voidedElse: 0n,
    voidedTips: 0n,
    isVoided: false,
  };
}

function sumOf(
  order: OrderSnapshot,
  amountOf: (payment: OrderSnapshot["payments"][number]) => bigint,
): bigint {
  return order.payments.reduce(
    (sum, payment) => (payment.status === "done" ? sum + amountOf(payment) : sum),
    0n,
  );
}

function actsOf(order: OrderSnapshot, countedAt: number, bill: Bill): Act[] {
  const acts: Act[] = [];
  for (const part of bill.parts) {
    const { line } = part;
    if (line === null || line.voidedAt === null || !isSold(line, countedAt)) continue;
    const businessDate = line.voidBusinessDate ?? order.businessDate;
    const take = () => ({ ...nothing, taken: voidParts([part]) });
    acts.push({ cause: "lineVoid", key: line.key, at: line.voidedAt, businessDate, take });
  }
  if (order.status === "voided") {
    acts.push({
      cause: "orderVoid",
      key: "",
      at: order.voidedAt ?? countedAt,
      businessDate: order.voidBusinessDate ?? order.businessDate,
      take: () => voidBill(bill),
    });
  }
  for (const refund of order.refunds) {
    if (refund.status !== "done") continue;
    const { key, at, businessDate } = refund;
    const take = () => takeRefund(bill, refund, order);
    acts.push({ cause: "refund", key, at, businessDate, take });
  }
  return acts;
}

const nothing = { tip: 0n, unreconciled: 0n, excess: 0n, tipExcess: 0n };

function voidParts(parts: readonly BillPart[]): TakenParts {
  const taken: TakenParts = new Map();
  const standing = parts.filter((part) => !part.isVoided);
  for (const part of standing) {
    part.isVoided = true;
    part.voided = positive(moneyOf(part));
  }
  takeAll(taken, standing);
  return taken;
}

/**
 * Takes back all that is left. Refunds of a voided order say how its money went back and take nothing more,
 * up to what was sold or paid.
 */
function voidBill(bill: Bill): ReturnType<Act["take"]> {
  const taken = voidParts(bill.parts);
  const { tips: tip, unreconciled } = bill;
  bill.voidedElse += positive(unreconciled) + bill.paidBeyond;
  bill.voidedTips += positive(tip);
  bill.unreconciled = 0n;
  bill.tips = 0n;
  bill.isVoided = true;
  return { ...nothing, taken, tip, unreconciled: -unreconciled };
}

const positive = (value: bigint): bigint => (value > 0n ? value : 0n);
