import type { OrderPushInput } from "@tillcast/schemas";

/** Takes a line beyond 2^31 minor units, and a day's sum far beyond. */
const factor = 10_000_000n;

const grown = (amount: string | number | undefined): string => String(BigInt(amount ?? 0) * factor);

/** The same order with amounts that no 32-bit number holds. */
export function enlarge(order: OrderPushInput): OrderPushInput {
  return {
    ...order,
    lines: order.lines?.map((line) => ({
      ...line,
      gross: grown(line.gross),
      discount: grown(line.discount),
      net: grown(line.net),
      tax: grown(line.tax),
    })),
    payments: order.payments?.map((payment) => ({ ...payment, amount: grown(payment.amount) })),
  };
}

const refundAfterMs = 3_600_000;

/** The order's third version: the first line's money went back an hour later. */
export function refunded(order: OrderPushInput): OrderPushInput {
  const [line] = order.lines ?? [];
  const [net, tax] = [BigInt(line?.net ?? 0), BigInt(line?.tax ?? 0)];
  const at = new Date(Date.parse(order.closedAt ?? order.openedAt) + refundAfterMs).toISOString();
  const refund = {
    key: "r1",
    lineKey: line?.key,
    net: String(net),
    tax: String(tax),
    amount: String(net + tax),
    at,
  };
  return { ...order, version: { vendorVersion: 3 }, refunds: [refund] };
}
