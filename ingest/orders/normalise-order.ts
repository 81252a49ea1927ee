import {
  contentHashOf,
  countedAtOf,
  isRevenue,
  MINOR_MAX,
  type OrderPush,
  type OrderSnapshot,
} from "@tillcast/schemas";
import { withheldBecause } from "./authority.ts";
import { checkInstants } from "./check-instants.ts";
import { checkSize } from "./check-size.ts";
import { checkSums } from "./check-sums.ts";
import { checkTakenBack, isAnswered } from "./check-taken-back.ts";
import { checkWords } from "./check-words.ts";
import { type Fault, limitFaults } from "./faults.ts";
import type { ReconciledTotals } from "./given-totals.ts";
import { checkRefunds, lowerDiscounts, netOfLines } from "./line-amounts.ts";
import { checkNumbering, namingOf } from "./name-order.ts";
import type { OrderContext } from "./order-context.ts";
import { datesOf } from "./order-dates.ts";
import { totalsOf } from "./order-totals.ts";

/** The result of normalising one order. */
export type NormalisedOrder =
  | { readonly snapshot: OrderSnapshot }
  | { readonly faults: readonly Fault[] };

/**
 * Turns a pushed order into a checked and complete snapshot. The snapshot contains everything that the
 * processor needs, so that it looks up nothing. Pure: the same order and context give the same bytes.
 */
export function normaliseOrder(pushed: OrderPush, context: OrderContext): NormalisedOrder {
  const faults: Fault[] = [];
  const { order, over } = lowerDiscounts(
    pushed,
    isAnswered(pushed.source) ? context.toleranceMinor : MINOR_MAX,
  );
  checkWords(order, faults);
  checkInstants(order, context.receivedAt, faults);
  checkNumbering(order, context.numbering, faults);
  checkRefunds(order, faults);
  checkSums(order, faults);
  const nets = netOfLines(order, faults);
  const reconciled = totalsOf(order, nets, context, faults);
  if (faults.length > 0) return { faults: limitFaults(faults) };
  const snapshot = stampOrder(order, context, nets, reconciled);
  // The excess of discounts. The sender's totals already contain it.
  if (over > 0n && order.totals === undefined) snapshot.unreconciled = -over;
  checkSize(snapshot, faults);
  checkTakenBack(snapshot, faults);
  if (faults.length > 0) return { faults };
  snapshot.version.hash = contentHashOf(snapshot);
  return { snapshot };
}

function stampOrder(
  order: OrderPush,
  context: OrderContext,
  nets: readonly bigint[],
  { totals, unreconciled }: ReconciledTotals,
): OrderSnapshot {
  const payments = stampPaymentInstants(order);
  const countedAt = countedAtOf({ ...order, payments, totals }, context.countedWhen);
  const dates = datesOf(order.businessDate, context, countedAt ?? order.openedAt);
  const voidedAt = voidedInstantOf(order, countedAt);
  return {
    tenantId: context.tenantId,
    storeId: context.storeId,
    source: order.source,
    accountId: order.accountId,
    locationId: context.locationId,
    orderId: order.orderId,
    relatedOrderId: order.relatedOrderId ?? null,
    registerId: order.registerId ?? null,
    receiptNumber: order.receiptNumber ?? null,
    staffKey: order.staffKey ?? null,
    version: {
      vendorVersion: order.version.vendorVersion.value,
      mappingRevision: context.mappingRevision,
      observedAt: context.receivedAt,
      hash: "",
    },
    kind: order.kind,
    status: order.status,
    openedAt: order.openedAt,
    closedAt: order.closedAt ?? null,
    paidAt: order.paidAt ?? null,
    voidedAt,
    voidBusinessDate: dates.ofPart(voidedAt, order.voidBusinessDate),
    voidReason: order.voidReason ?? null,
    receivedAt: context.receivedAt,
    businessDate: dates.ofOrder,
    businessDateFrom:
      order.businessDate === undefined ? "derived" : (order.businessDateFrom ?? "vendor"),
    timeZone: dates.timeZone,
    currency: order.currency,
    channel: order.channel,
    channelRaw: order.channelRaw ?? null,
    guests: order.guests ?? null,
    testMode: order.testMode,
    taxMode: order.taxMode,
    lines: order.lines.map((line, at) => ({
      key: line.key,
      parentKey: line.parentKey ?? null,
      itemId: line.itemId ?? null,
      name: line.name,
      category: line.category ?? null,
      quantityMicro: line.qty,
      gross: line.gross,
      discount: line.discount,
      net: nets[at] as bigint,
      tax: line.tax,
      revenue: line.revenue ?? isRevenue(line.kind),
      voidedAt: line.voidedAt ?? null,
      voidBusinessDate: dates.ofPart(line.voidedAt, line.voidBusinessDate),
      checkId: line.checkId ?? null,
      kind: line.kind ?? null,
    })),
    charges: order.charges.map((charge) => ({ ...charge, lineKey: charge.lineKey ?? null })),
    payments: payments.map((payment) => ({
      ...payment,
      businessDate: dates.at(payment.at, payment.businessDate),
    })),
    refunds: order.refunds.map((refund) => ({
      key: refund.key,
      paymentKey: refund.paymentKey ?? null,
      lineKey: refund.lineKey ?? null,
      net: refund.net ?? null,
      tax: refund.tax ?? null,
      amount: refund.amount,
      tip: refund.tip,
      at: refund.at,
      businessDate: dates.at(refund.at, refund.businessDate),
      status: refund.status,
      chargeKind: refund.chargeKind ?? null,
    })),
    totals,
    unreconciled,
    countedWhen: context.countedWhen,
    withheld: withheldBecause(context, dates.ofOrder),
    orderTax: order.tax ?? null,
    ...namingOf(order, context),
    formerKey: null,
    nameDecision: null,
    settingsRevision: context.settingsRevision,
  };
}

/** A payment without a time counts when the order was paid, else closed, else opened. */
function stampPaymentInstants(order: OrderPush) {
  const defaultAt = order.paidAt ?? order.closedAt ?? order.openedAt;
  return order.payments.map((payment) => ({ ...payment, at: payment.at ?? defaultAt }));
}

/** A voided order without a void time is taken back in the window where it counted. */
function voidedInstantOf(order: OrderPush, countedAt: number | null): number | null {
  if (order.voidedAt !== null && order.voidedAt !== undefined) return order.voidedAt;
  return order.status === "voided" ? (countedAt ?? order.openedAt) : null;
}
