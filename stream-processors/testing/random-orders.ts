import {
  chargeKinds,
  type OrderCharge,
  type OrderLine,
  type OrderSnapshot,
} from "@tillcast/schemas";
import fc from "fast-check";
import { line, minute, noon, order } from "./orders.ts";

type Payment = OrderSnapshot["payments"][number];
type Refund = OrderSnapshot["refunds"][number];

const days = ["2026-11-21", "2026-11-22", "2026-11-23"] as const;
/** Few, so that acts of one order often fall together, and some before the sale counts. */
const later: fc.Arbitrary<number> = fc
  .constantFrom(-30, 0, 30, 90, 600, 1_500)
  .map((m) => noon + m * minute);
const cents = (max: number): fc.Arbitrary<bigint> => fc.bigInt({ min: 0n, max: BigInt(max) });
const maybe = <Value>(value: fc.Arbitrary<Value>, freq = 3): fc.Arbitrary<Value | null> =>
  fc.option(value, { nil: null, freq });
const lineKeys = ["1", "2", "3", "4"] as const;

const aLine = (kind: OrderSnapshot["kind"], at: number): fc.Arbitrary<OrderLine> =>
  fc
    .record({
      sells: fc.constantFrom("item", "item", "item", "item", "gift_card", "deposit_back"),
      net: cents(3_000),
      tax: cents(300),
      quantity: fc.constantFrom(1_000_000n, 2_000_000n, 350_000n),
      comesBack: fc.boolean(),
      voidedAt: maybe(later, 4),
      parent: maybe(fc.constantFrom(...lineKeys), 4),
      name: fc.constantFrom("Soup", "Wine", "Pizza"),
    })
    .map(({ sells, net, tax, quantity, comesBack, voidedAt, parent, name }) => {
      const isBack = sells === "deposit_back" && kind === "sale";
      const sign = isBack ? -1n : 1n;
      return line({
        key: lineKeys[at] as string,
        name,
        // A modifier stands below its line.
        parentKey: parent !== null && lineKeys.indexOf(parent) < at ? parent : null,
        quantityMicro: kind === "exchange" && comesBack ? -quantity : quantity,
        net: sign * net,
        gross: sign * net,
        tax: sign * (isBack ? tax / 10n : tax),
        revenue: sells === "item",
        kind: sells === "gift_card" ? "gift_card" : isBack ? "deposit" : "item",
        voidedAt,
        voidBusinessDate: voidedAt === null ? null : days[1],
      });
    });

const aCharge = (at: number): fc.Arbitrary<OrderCharge> =>
  fc
    .record({
      kind: fc.constantFrom(...chargeKinds),
      net: cents(500),
      tax: cents(50),
      down: fc.boolean(),
      lineKey: maybe(fc.constantFrom(...lineKeys)),
    })
    .map(({ kind, net, tax, down, lineKey }) => {
      const isRounding = kind === "rounding";
      const amount = isRounding ? (down ? -(net % 5n) : net % 5n) : net;
      return { key: `c${at}`, kind, net: amount, tax: isRounding ? 0n : tax, lineKey };
    });

const aPayment = (at: number): fc.Arbitrary<Payment> =>
  fc
    .record({
      method: fc.constantFrom("card", "cash"),
      amount: cents(5_000),
      tip: cents(200),
      status: fc.constantFrom(
        "done" as const,
        "done" as const,
        "pending" as const,
        "failed" as const,
      ),
      at: later,
      isChange: fc.integer({ min: 0, max: 5 }).map((dice) => dice === 0),
    })
    .map(({ isChange, amount, tip, ...payment }) => ({
      key: `p${at}`,
      ...payment,
      amount: isChange ? -amount : amount,
      tip: isChange ? 0n : tip,
      businessDate: days[0],
    }));

interface RefundWish {
  /** Share of the bill or the line in percent; beyond 100 it is more than there was. */
  readonly percent: number;
  readonly names: "line" | "charge" | "both" | "payment" | "whole";
  readonly lineKey: (typeof lineKeys)[number];
  readonly chargeKind: (typeof chargeKinds)[number];
  readonly says: "nothing" | "net" | "tax" | "both";
  readonly tip: bigint;
  readonly at: number;
  readonly status: Refund["status"];
}

const aRefund: fc.Arbitrary<RefundWish> = fc.record({
  percent: fc.constantFrom(100, 100, 100, 50, 33, 7, 130),
  names: fc.constantFrom("line", "line", "charge", "both", "payment", "whole", "whole"),
  lineKey: fc.constantFrom(...lineKeys),
  chargeKind: fc.constantFrom(...chargeKinds),
  says: fc.constantFrom("nothing", "nothing", "nothing", "net", "tax", "both"),
  tip: fc.constantFrom(0n, 0n, 50n, 500n),
  at: later,
  status: fc.constantFrom("done" as const, "done" as const, "done" as const, "pending" as const),
});

/** One picture of an order, with anything in it that tills and people do to a bill. */
export const anyOrder: fc.Arbitrary<OrderSnapshot> = fc
  .constantFrom(
    "sale" as const,
    "sale" as const,
    "sale" as const,
    "return" as const,
    "exchange" as const,
  )
  .chain((kind) =>
    fc.record({
      kind: fc.constant(kind),
      lines: linesOf(kind),
      charges: fc.integer({ min: 0, max: 2 }).chain((count) => fc.tuple(...range(count, aCharge))),
      payments: fc
        .integer({ min: 0, max: 3 })
        .chain((count) => fc.tuple(...range(count, aPayment))),
      paysAll: fc.boolean(),
      wishes: fc.array(aRefund, { maxLength: 3 }),
      orderTax: maybe(cents(400)),
      unreconciled: maybe(fc.bigInt({ min: -3n, max: 3n })),
      status: fc.constantFrom(
        "closed" as const,
        "closed" as const,
        "closed" as const,
        "open" as const,
        "voided" as const,
        "deleted" as const,
      ),
      voidedAt: later,
      paidAt: maybe(fc.constant(noon), 2),
      closedAt: maybe(fc.constant(noon + minute), 2),
      countedWhen: fc.constantFrom("paid" as const, "paid" as const, "ordered" as const),
      channel: fc.constantFrom("dine_in" as const, "delivery" as const),
      store: fc.constantFrom("a1", "b1"),
      guests: maybe(fc.integer({ min: 0, max: 6 })),
      testMode: fc.integer({ min: 0, max: 15 }).map((dice) => dice === 0),
    }),
  )
  .map(({ wishes, paysAll, payments, store, voidedAt, ...made }) => {
    const total = billOf(made);
    const paid = paysAll && payments[0] !== undefined ? paidInFull(payments, total) : payments;
    return order({
      ...made,
      payments: paid,
      refunds: wishes.map((wish, at) => refundOf(wish, at, made, total)),
      storeId: `01990000-0000-7000-8000-0000000000${store}`,
      voidedAt: made.status === "voided" ? voidedAt : null,
      voidBusinessDate: made.status === "voided" ? days[2] : null,
      totals: { ...order().totals, total },
    });
  });

function linesOf(kind: OrderSnapshot["kind"]): fc.Arbitrary<OrderLine[]> {
  return fc
    .integer({ min: 0, max: 4 })
    .chain((count) => fc.tuple(...range(count, (at) => aLine(kind, at))));
}

const range = <Value>(count: number, make: (at: number) => Value): Value[] =>
  Array.from({ length: count }, (_, at) => make(at));

type Made = Pick<OrderSnapshot, "lines" | "charges" | "orderTax">;

/** The total as ingest computes it: lines that were not voided, charges, and the order's own tax. */
export function billOf({ lines, charges, orderTax }: Made): bigint {
  const standing = lines.filter((one) => one.voidedAt === null);
  const signed = standing.map((one) => (one.quantityMicro < 0n ? -1n : 1n) * (one.net + one.tax));
  const others = charges.map((charge) => charge.net + charge.tax);
  return [...signed, ...others].reduce((sum, amount) => sum + amount, orderTax ?? 0n);
}

function paidInFull(payments: readonly Payment[], total: bigint): Payment[] {
  const [first, ...rest] = payments as readonly [Payment, ...Payment[]];
  const others = rest.reduce(
    (sum, { status, amount }) => (status === "done" ? sum + amount : sum),
    0n,
  );
  return [{ ...first, status: "done", amount: total - others }, ...rest];
}

function refundOf(wish: RefundWish, at: number, made: Made, total: bigint): Refund {
  const { percent, names, says, tip, status } = wish;
  const line = made.lines.find(({ key }) => key === wish.lineKey);
  const ofLine = names === "line" && line !== undefined;
  const base = ofLine ? line.net + line.tax : total;
  const amount = share(base < 0n ? -base : base, percent);
  const net = ofLine && line.net > 0n ? share(line.net, percent) : (amount * 9n) / 10n;
  const namesLine = names === "line" || names === "both";
  return {
    key: `r${at}`,
    paymentKey: names === "payment" ? "p0" : null,
    lineKey: namesLine ? wish.lineKey : null,
    chargeKind: names === "charge" || names === "both" ? wish.chargeKind : null,
    net: says === "net" || says === "both" ? net : null,
    tax: says === "tax" || says === "both" ? least(share(amount, 9), amount - net) : null,
    amount,
    tip,
    at: wish.at,
    businessDate: wish.at > noon + 500 * minute ? days[2] : days[1],
    status,
  };
}

const share = (amount: bigint, percent: number): bigint => (amount * BigInt(percent)) / 100n;
const least = (a: bigint, b: bigint): bigint => (a < b ? a : b < 0n ? 0n : b);
