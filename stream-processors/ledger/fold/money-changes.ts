import { valueAt } from "./difference.ts";
import type { FoldedBatch } from "./fold-orders.ts";
import type { Posted } from "./posted.ts";

/** What a batch adds to one tender's total of a business day. */
export interface TenderChange {
  readonly storeId: string;
  readonly currency: string;
  readonly businessDate: string;
  readonly method: string;
  amount: bigint;
  tip: bigint;
  refunded: bigint;
  payments: number;
}

/** What a batch adds to what is open in a store. */
export interface OpenChange {
  readonly storeId: string;
  readonly currency: string;
  amount: bigint;
  orders: number;
}

/** Sums a batch's tenders and open orders per row. */
export function moneyChanges({ added, takenBack }: Pick<FoldedBatch, "added" | "takenBack">): {
  readonly tenders: readonly TenderChange[];
  readonly open: readonly OpenChange[];
} {
  const tenders = new Map<string, TenderChange>();
  const open = new Map<string, OpenChange>();
  const add = (posted: Posted, factor: 1 | -1) => {
    const { storeId, currency } = posted;
    const signed = factor === 1 ? (value: bigint) => value : (value: bigint) => -value;
    for (const { businessDate, method, amount, tip, refunded, payments } of posted.tenders) {
      const key = `${storeId} ${businessDate} ${currency} ${method}`;
      const zero = { amount: 0n, tip: 0n, refunded: 0n, payments: 0 };
      const make = () => ({ storeId, currency, businessDate, method, ...zero });
      const row = valueAt(tenders, key, make);
      row.amount += signed(amount);
      row.tip += signed(tip);
      row.refunded += signed(refunded);
      row.payments += factor * payments;
    }
    if (posted.open === null) return;
    const make = () => ({ storeId, currency, amount: 0n, orders: 0 });
    const row = valueAt(open, `${storeId} ${currency}`, make);
    row.amount += signed(posted.open);
    row.orders += factor;
  };
  for (const posted of added) add(posted, 1);
  for (const posted of takenBack) add(posted, -1);
  return {
    tenders: [...tenders.values()].filter(
      ({ amount, tip, refunded, payments }) => amount || tip || refunded || payments,
    ),
    open: [...open.values()].filter(({ amount, orders }) => amount || orders),
  };
}
