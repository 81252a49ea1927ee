import type { OrderSnapshot } from "@tillcast/schemas";
import type { PostedTender } from "./posted.ts";

/** A refund whose payment is not named, such as one in cash over the counter. */
const unknownMethod = "unknown";

/** Money taken and given back per method and business date, for the tie with the till's close-out. */
export function tenderPostings(order: OrderSnapshot): PostedTender[] {
  const tenders: PostedTender[] = [];
  const tenderOf = (businessDate: string, method: string): PostedTender => {
    for (const tender of tenders) {
      if (tender.method === method && tender.businessDate === businessDate) return tender;
    }
    const tender = { businessDate, method, amount: 0n, tip: 0n, refunded: 0n, payments: 0 };
    tenders.push(tender);
    return tender;
  };
  for (const payment of order.payments) {
    if (payment.status !== "done") continue;
    const tender = tenderOf(payment.businessDate, payment.method);
    tender.amount += payment.amount;
    tender.tip += payment.tip;
    tender.payments += 1;
  }
  for (const refund of order.refunds) {
    if (refund.status !== "done") continue;
    const payment = order.payments.find((candidate) => candidate.key === refund.paymentKey);
    tenderOf(refund.businessDate, payment?.method ?? unknownMethod).refunded +=
      refund.amount + refund.tip;
  }
  return tenders;
}
