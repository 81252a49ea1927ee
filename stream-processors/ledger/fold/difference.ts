import type { OrderChannel } from "@tillcast/schemas";
import { addVector, isZeroVector, type MeasureVector } from "./measure-vector.ts";
import type { Posted } from "./posted.ts";

/** A signed change of one store's sales at one instant: what becomes a ledger entry. */
export interface EntryChange {
  readonly storeId: string;
  readonly channel: OrderChannel;
  readonly currency: string;
  readonly countedAt: number;
  readonly businessDate: string;
  readonly hourStart: number;
  readonly occurredAt: number;
  readonly values: MeasureVector;
}

export interface ItemChange {
  readonly storeId: string;
  readonly currency: string;
  readonly businessDate: string;
  readonly hourStart: number;
  readonly itemKey: string;
  quantity: bigint;
  gross: bigint;
  net: bigint;
}

export interface TenderChange {
  readonly storeId: string;
  readonly currency: string;
  readonly businessDate: string;
  readonly method: string;
  amount: bigint;
  tip: bigint;
  refunded: bigint;
  payments: bigint;
}

export interface OpenChange {
  readonly storeId: string;
  readonly currency: string;
  amount: bigint;
  orders: bigint;
}

/** What changes when an order goes from one picture to a newer one. */
export interface PostedDifference {
  readonly entries: readonly EntryChange[];
  readonly items: readonly ItemChange[];
  readonly tenders: readonly TenderChange[];
  readonly open: readonly OpenChange[];
}

/** `after - before`, each by its own key; parts that cancel out are left away. */
export function differenceOf(before: Posted | null, after: Posted): PostedDifference {
  if (before === null) return firstPosting(after);
  return sumOf([
    { posted: before, factor: -1 },
    { posted: after, factor: 1 },
  ]);
}

/** Nine orders in ten are seen once; their parts are distinct already and need no keyed sums. */
function firstPosting({ storeId, channel, currency, ...posted }: Posted): PostedDifference {
  return {
    entries: posted.entries.map((entry) => ({ storeId, channel, currency, ...entry })),
    items: posted.items.map((item) => ({ storeId, currency, ...item })),
    tenders: posted.tenders.map((tender) => ({
      storeId,
      currency,
      ...tender,
      payments: BigInt(tender.payments),
    })),
    open: posted.open === null ? [] : [{ storeId, currency, amount: posted.open, orders: 1n }],
  };
}

function sumOf(sides: readonly { posted: Posted; factor: 1 | -1 }[]): PostedDifference {
  const entries = new Map<string, EntryChange>();
  const items = new Map<string, ItemChange>();
  const tenders = new Map<string, TenderChange>();
  const open = new Map<string, OpenChange>();
  for (const { posted, factor } of sides) {
    const { storeId, channel, currency } = posted;
    const place = `${storeId} ${currency}`;
    const signed = factor === 1 ? (value: bigint) => value : (value: bigint) => -value;
    for (const { countedAt, businessDate, hourStart, occurredAt, values } of posted.entries) {
      const change = valueAt(entries, `${place} ${channel} ${countedAt} ${businessDate}`, () => ({
        storeId,
        channel,
        currency,
        countedAt,
        businessDate,
        hourStart,
        occurredAt,
        values: values.map(() => 0n),
      }));
      addVector(change.values, values, factor);
    }
    for (const { businessDate, hourStart, itemKey, quantity, gross, net } of posted.items) {
      const change = valueAt(items, `${place} ${businessDate} ${hourStart} ${itemKey}`, () => ({
        storeId,
        currency,
        businessDate,
        hourStart,
        itemKey,
        quantity: 0n,
        gross: 0n,
        net: 0n,
      }));
      change.quantity += signed(quantity);
      change.gross += signed(gross);
      change.net += signed(net);
    }
    for (const { businessDate, method, amount, tip, refunded, payments } of posted.tenders) {
      const change = valueAt(tenders, `${place} ${businessDate} ${method}`, () => ({
        storeId,
        currency,
        businessDate,
        method,
        amount: 0n,
        tip: 0n,
        refunded: 0n,
        payments: 0n,
      }));
      change.amount += signed(amount);
      change.tip += signed(tip);
      change.refunded += signed(refunded);
      change.payments += signed(BigInt(payments));
    }
    if (posted.open !== null) {
      const change = valueAt(open, place, () => ({ storeId, currency, amount: 0n, orders: 0n }));
      change.amount += signed(posted.open);
      change.orders += signed(1n);
    }
  }
  return {
    entries: [...entries.values()].filter((change) => !isZeroVector(change.values)),
    items: [...items.values()].filter(
      (change) => change.quantity !== 0n || change.gross !== 0n || change.net !== 0n,
    ),
    tenders: [...tenders.values()].filter(
      (change) =>
        change.amount !== 0n ||
        change.tip !== 0n ||
        change.refunded !== 0n ||
        change.payments !== 0n,
    ),
    open: [...open.values()].filter((change) => change.amount !== 0n || change.orders !== 0n),
  };
}

/** The value under a key, made when it is missing. */
export function valueAt<Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value {
  const found = map.get(key);
  if (found !== undefined) return found;
  const made = make();
  map.set(key, made);
  return made;
}
