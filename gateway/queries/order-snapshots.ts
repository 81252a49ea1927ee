import type { EntryRow, OrderSnapshot } from "@tillcast/schemas";
import { viewQuantity } from "./measure-columns.ts";

/** The order behind an entry, as it is now. */
export function viewOrder(order: OrderSnapshot): EntryRow["order"] {
  return {
    source: order.source,
    accountId: order.accountId,
    orderId: order.orderId,
    kind: order.kind,
    status: order.status,
    receiptNumber: order.receiptNumber,
    lines: order.lines.map((line) => ({
      name: line.name,
      quantity: viewQuantity(line.quantityMicro),
      gross: line.gross.toString(),
      discount: line.discount.toString(),
      net: line.net.toString(),
      tax: line.tax.toString(),
      revenue: line.revenue,
      voided: line.voidedAt !== null || order.status === "voided",
    })),
    charges: order.charges.map(({ kind, net, tax }) => ({
      kind,
      net: net.toString(),
      tax: tax.toString(),
    })),
    tax: order.orderTax === null ? null : order.orderTax.toString(),
  };
}
