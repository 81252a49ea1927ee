import { contentHashOf, countedAtOf, type OrderSnapshot } from "@tillcast/schemas";
import { withheldBecause } from "../orders/authority.ts";
import type { FeedContext, StoreContext } from "../orders/order-context.ts";
import { datesOf, type StoreTime } from "../orders/order-dates.ts";

/** The store of an order until now, and its new store and feed. */
export interface Restamping {
  /** Null if the old store does not exist any more. */
  readonly was: StoreTime | null;
  readonly store: StoreContext;
  readonly feed: FeedContext;
}

/**
 * Makes the order as it would be if its feed had always had its present settings: with the feed's store, with
 * dates by the store's zone and closeout, and withheld by the feed's authority. Only the mapping revision makes
 * it newer. The vendor's own dates stay. Pure: the same order gives the same bytes.
 */
export function restamped(order: OrderSnapshot, { was, store, feed }: Restamping): OrderSnapshot {
  const orderAt = countedAtOf(order, order.countedWhen) ?? order.openedAt;
  const given = order.businessDateFrom === "vendor" ? order.businessDate : undefined;
  const now = datesOf(given, store, orderAt);
  const before = was === null ? null : datesOf(given, was, orderAt);
  // A part does not tell who set its date. If it differs from what the old store gives, the vendor set it.
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
