import type { OrderSnapshot } from "@tillcast/schemas";
import type { PostedTender } from "./posted.ts";

/** A refund whose payment is not named, such as one in cash over the counter. */
const unknownMethod = "unknown";

/**
 * Money taken and given back per method and business date, for the tie with the till's close-out. A negative
 * payment is change and lowers its tender. The payments of a return are money given back.
 */
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
  const isReturn = order.kind === "return";
  for (const payment of order.payments) {
    if (payment.status !== "done") continue;
    const tender = tenderOf(payment.businessDate, payment.method);
    if (isReturn) {
      tender.refunded += payment.amount + payment.tip;
      continue;
    }
    tender.amount += payment.amount;
    tender.tip += payment.tip;
    if (payment.amount >= 0n) tender.payments += 1;
  }
  let told = isReturn && order.refunds.length > 0 ? toldTwice(order) : 0n;
  for (const refund of order.refunds) {
    if (refund.status !== "done") continue;
    const payment = order.payments.find((candidate) => candidate.key === refund.paymentKey);
    const given = refund.amount + refund.tip;
    const again = given < told ? given : told;
    told -= again;
    tenderOf(refund.businessDate, payment?.method ?? unknownMethod).refunded += given - again;
  }
  return tenders.filter(isNotEmpty);
}

/**
 * Money of a return that its refunds tell again: a till may say both that it was paid out and that it was
 * refunded, and gave it once.
 */
function toldTwice({ payments, refunds, totals }: OrderSnapshot): bigint {
  const [paid, refunded] = [doneSum(payments), doneSum(refunds)];
  const beyond = paid + refunded - totals.total - totals.tip;
  const most = paid < refunded ? paid : refunded;
  const told = beyond < most ? beyond : most;
  return told > 0n ? told : 0n;
}

const doneSum = (parts: readonly { status: string; amount: bigint; tip: bigint }[]): bigint =>
  parts.reduce((sum, part) => (part.status === "done" ? sum + part.amount + part.tip : sum), 0n);

const isNotEmpty = ({ amount, tip, refunded, payments }: PostedTender): boolean =>
  amount !== 0n || tip !== 0n || refunded !== 0n || payments !== 0;
