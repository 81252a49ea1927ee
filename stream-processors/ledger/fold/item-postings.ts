import {
  isReturned,
  isSold,
  localHourStartOf,
  type OrderLine,
  type OrderSnapshot,
  type TakeBack,
  unitsOf,
} from "@tillcast/schemas";
import type { PostedItem } from "./posted.ts";
import { shareText } from "./share-text.ts";

/** How an item is told from others: by the vendor's id, else by its name. */
const itemKeyOf = (line: OrderLine): string => shareText(line.itemId ?? line.name);

/**
 * Item sales of one order per business day and local hour, from its lines: sold when the order counts, taken
 * back by voids and refunds, each line by what was taken of it, so that items and sales tell one number.
 * Their gross goes back with a void alone; a refund leaves it with the day that sold.
 */
export function itemPostings(
  order: OrderSnapshot,
  countedAt: number,
  takeBacks: readonly TakeBack[],
): PostedItem[] {
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
    post(line, countedAt, order.businessDate, soldAmounts(line, order));
  }
  for (const { cause, at, businessDate, taken } of takeBacks) {
    for (const { part, net, units } of taken.values()) {
      const { line } = part;
      if (line === null || !line.revenue) continue;
      const gross = cause === "refund" ? 0n : -soldAmounts(line, order).gross;
      post(line, at, businessDate, { quantity: -units, gross, net: -net });
    }
  }
  return items.filter((item) => item.quantity !== 0n || item.gross !== 0n || item.net !== 0n);
}

interface ItemAmounts {
  readonly quantity: bigint;
  readonly gross: bigint;
  readonly net: bigint;
}

function soldAmounts(line: OrderLine, order: OrderSnapshot): ItemAmounts {
  const [quantity, { gross, net }] = [unitsOf(line), line];
  if (!isReturned(line, order)) return { quantity, gross, net };
  return { quantity: -quantity, gross: -gross, net: -net };
}
