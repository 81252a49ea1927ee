import { type Measures, measures, type OrderSnapshot } from "@tillcast/schemas";
import { addVector, zeroVector } from "../ledger/fold/measure-vector.ts";
import { postingsOf } from "../ledger/fold/postings.ts";
import { line, minute, noon } from "./orders.ts";

/** A day after the sale, and the dates of both. */
export const nextDay = noon + 24 * 60 * minute;
export const saleDate = "2026-11-21";
export const backDate = "2026-11-22";

/** A refund of the next day that names nothing. */
export const refund = (changes: Partial<OrderSnapshot["refunds"][number]>) => ({
  key: "r",
  paymentKey: null,
  lineKey: null,
  chargeKind: null,
  net: null,
  tax: null,
  amount: 0n,
  tip: 0n,
  at: nextDay,
  businessDate: backDate,
  status: "done" as const,
  ...changes,
});

/** A card payment of 10.00 at noon. */
export const payment = (changes: Partial<OrderSnapshot["payments"][number]>) => ({
  key: "p",
  method: "card",
  amount: 1_000n,
  tip: 0n,
  status: "done" as const,
  at: noon,
  businessDate: saleDate,
  ...changes,
});

/** A service charge of 1.00. */
export const charge = (changes: Partial<OrderSnapshot["charges"][number]>) => ({
  key: "c",
  kind: "service" as const,
  net: 100n,
  tax: 0n,
  lineKey: null,
  ...changes,
});

/** What an order posts on a date, or over all dates; only what is not zero. */
export function posted(snapshot: OrderSnapshot, date?: string): Partial<Measures> {
  const sum = zeroVector();
  for (const { businessDate, values } of postingsOf(snapshot).entries) {
    if (date === undefined || businessDate === date) addVector(sum, values);
  }
  return Object.fromEntries(
    measures.flatMap((name, at) => (sum[at] === 0n ? [] : [[name, sum[at]]])),
  );
}

/** Items that an order posts on a date: key, quantity, net. */
export const items = (snapshot: OrderSnapshot, date: string) =>
  postingsOf(snapshot)
    .items.filter(({ businessDate }) => businessDate === date)
    .map(({ itemKey, quantity, net }) => [itemKey, quantity, net]);

/** The tenders that an order posts, without their dates. */
export const tenders = (snapshot: OrderSnapshot) =>
  postingsOf(snapshot).tenders.map(({ method, amount, tip, refunded, payments }) => ({
    method,
    amount,
    tip,
    refunded,
    payments,
  }));

/** Two lines of other tax, and one that is no revenue. */
export const food = line({ key: "1", name: "Food", net: 1_000n, tax: 70n });
export const wine = line({ key: "2", name: "Wine", net: 1_000n, tax: 190n });
export const giftCard = line({
  key: "g",
  name: "Gift card",
  kind: "gift_card",
  revenue: false,
  net: 5_000n,
  tax: 0n,
});
