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

const newDays = () => new Map<string, TenderChange[]>();
const newRows = (): TenderChange[] => [];

/** Sums a batch's tenders and open orders per row. */
export function moneyChanges({ added, takenBack }: Pick<FoldedBatch, "added" | "takenBack">): {
  readonly tenders: readonly TenderChange[];
  readonly open: readonly OpenChange[];
} {
  const tenders: TenderChange[] = [];
  /** By store and business date; a day has a few methods, which are searched. */
  const days = new Map<string, Map<string, TenderChange[]>>();
  const open = new Map<string, OpenChange>();
  const tenderOf = ({ storeId, currency }: Posted, businessDate: string, method: string) => {
    const ofStore = valueAt(days, storeId, newDays);
    const ofDay = valueAt(ofStore, businessDate, newRows);
    for (const row of ofDay) {
      if (row.method === method && row.currency === currency) return row;
    }
    const zero = { amount: 0n, tip: 0n, refunded: 0n, payments: 0 };
    const made = { storeId, currency, businessDate, method, ...zero };
    ofDay.push(made);
    tenders.push(made);
    return made;
  };
  const add = (posted: Posted, factor: 1 | -1) => {
    const { storeId, currency } = posted;
    for (const { businessDate, method, amount, tip, refunded, payments } of posted.tenders) {
      const row = tenderOf(posted, businessDate, method);
      row.amount += factor === 1 ? amount : -amount;
      row.tip += factor === 1 ? tip : -tip;
      row.refunded += factor === 1 ? refunded : -refunded;
      row.payments += factor * payments;
    }
    if (posted.open === null) return;
    const make = () => ({ storeId, currency, amount: 0n, orders: 0 });
    const row = valueAt(open, `${storeId} ${currency}`, make);
    row.amount += factor === 1 ? posted.open : -posted.open;
    row.orders += factor;
  };
  for (const posted of added) add(posted, 1);
  for (const posted of takenBack) add(posted, -1);
  return {
    tenders: tenders.filter(
      ({ amount, tip, refunded, payments }) => amount || tip || refunded || payments,
    ),
    open: [...open.values()].filter(({ amount, orders }) => amount || orders),
  };
}
