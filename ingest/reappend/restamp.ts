import { contentHashOf, countedAtOf, type OrderSnapshot } from "@tillcast/schemas";
import { withheldBecause } from "../orders/authority.ts";
import { datesOf, type StoreTime } from "../orders/order-dates.ts";
import type { FeedStamp, StoreStamp } from "../orders/stamp-context.ts";

/** The store that an order was stamped with, and what it is to be stamped with now. */
export interface Restamping {
  /** Null where the former store is not known any more. */
  readonly was: StoreTime | null;
  readonly store: StoreStamp;
  readonly feed: FeedStamp;
}

/**
 * An order as it would have been stamped if its feed had always been as it is now: of the feed's store, dated by
 * that store's zone and closeout, withheld by the feed's authority, and newer than before by the feed's mapping
 * revision alone. Dates that the vendor gave stay. Pure: the same order gives the same bytes each time.
 */
export function restamped(order: OrderSnapshot, { was, store, feed }: Restamping): OrderSnapshot {
  const orderAt = countedAtOf(order, order.countedWhen) ?? order.openedAt;
  const given = order.businessDateFrom === "vendor" ? order.businessDate : undefined;
  const now = datesOf(given, store, orderAt);
  const before = was === null ? null : datesOf(given, was, orderAt);
  // A part does not say where its date is from. One that is not what its store made of it was given.
  const dateOf = (instant: number, date: string): string =>
    before !== null && before.at(instant, undefined) !== date ? date : now.at(instant, undefined);
  const dateOfPart = (instant: number | null, date: string | null): string | null =>
    instant === null || date === null ? date : dateOf(instant, date);
  const moved: OrderSnapshot = {
    ...order,
    storeId: store.storeId,
    timeZone: now.timeZone,
    settingsRevision: store.settingsRevision,
    version: { ...order.version, mappingRevision: feed.mappingRevision, hash: "" },
    businessDate: now.ofOrder,
    voidBusinessDate: dateOfPart(order.voidedAt, order.voidBusinessDate),
    lines: order.lines.map((line) => ({
      ...line,
      voidBusinessDate: dateOfPart(line.voidedAt, line.voidBusinessDate),
    })),
    payments: order.payments.map((payment) => ({
      ...payment,
      businessDate: dateOf(payment.at, payment.businessDate),
    })),
    refunds: order.refunds.map((refund) => ({
      ...refund,
      businessDate: dateOf(refund.at, refund.businessDate),
    })),
    withheld: withheldBecause(feed, now.ofOrder),
  };
  return { ...moved, version: { ...moved.version, hash: contentHashOf(moved) } };
}
