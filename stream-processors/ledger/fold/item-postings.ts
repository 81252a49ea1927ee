import { localHourStartOf, type OrderLine, type OrderSnapshot } from "@tillcast/schemas";
import type { PostedItem } from "./posted.ts";
import { isReturned, isSold, unitsOf } from "./sale-entry.ts";
import { shareText } from "./share-text.ts";

/** How an item is told from others: by the vendor's id, else by its name. */
const itemKeyOf = (line: OrderLine): string => shareText(line.itemId ?? line.name);

/**
 * Item sales of one order per business day and local hour, from its lines: sold when the order counts,
 * taken back when a line or the order is voided. A refund that names its line lowers that line's net.
 */
export function itemPostings(order: OrderSnapshot, countedAt: number): PostedItem[] {
  // Searched one by one: an order has a few lines, for which a map and its keys are the larger work.
  const items: PostedItem[] = [];
  const post = (line: OrderLine, instant: number, businessDate: string, amounts: ItemAmounts) => {
    const hourStart = localHourStartOf(instant, order.timeZone);
    const itemKey = itemKeyOf(line);
    const { quantity, gross, net } = amounts;
    for (const item of items) {
      if (item.itemKey !== itemKey || item.hourStart !== hourStart) continue;
      if (item.businessDate !== businessDate) continue;
      item.quantity += quantity;
      item.gross += gross;
      item.net += net;
      return;
    }
    items.push({ businessDate, hourStart, itemKey, quantity, gross, net });
  };
  for (const line of order.lines) {
    if (!line.revenue || !isSold(line, countedAt)) continue;
    const sold = amountsOf(line, order);
    post(line, countedAt, order.businessDate, sold);
    if (line.voidedAt !== null) {
      post(line, line.voidedAt, line.voidBusinessDate ?? order.businessDate, negated(sold));
    } else if (order.status === "voided") {
      const voidedAt = order.voidedAt ?? countedAt;
      post(line, voidedAt, order.voidBusinessDate ?? order.businessDate, negated(sold));
    }
  }
  for (const refund of order.refunds) {
    if (refund.status !== "done" || refund.lineKey === null) continue;
    const line = order.lines.find(
      (candidate) => candidate.key === refund.lineKey && candidate.revenue,
    );
    if (line === undefined) continue;
    const net = refund.net ?? refund.amount - (refund.tax ?? 0n);
    post(line, refund.at, refund.businessDate, { quantity: 0n, gross: 0n, net: -net });
  }
  return items.filter((item) => item.quantity !== 0n || item.gross !== 0n || item.net !== 0n);
}

interface ItemAmounts {
  readonly quantity: bigint;
  readonly gross: bigint;
  readonly net: bigint;
}

function amountsOf(line: OrderLine, order: OrderSnapshot): ItemAmounts {
  const amounts = { quantity: unitsOf(line), gross: line.gross, net: line.net };
  return isReturned(line, order) ? negated(amounts) : amounts;
}

const negated = (amounts: ItemAmounts): ItemAmounts => ({
  quantity: -amounts.quantity,
  gross: -amounts.gross,
  net: -amounts.net,
});
