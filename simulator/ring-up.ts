import type { Bill, BillLine } from "./bill.ts";
import { lineMoney } from "./bill-money.ts";
import { tradingMinute } from "./demand.ts";
import type { Random } from "./random.ts";
import type { MenuItem } from "./store-profile.ts";

/** Adds items that sell at this hour. */
export function addLines(bill: Bill, random: Random, atMs: number, count: number): void {
  const { profile } = bill;
  const minute = tradingMinute(profile, atMs);
  const menu = profile.menu.filter(
    ({ sells }) => !sells || (minute >= sells[0] && minute < sells[1]),
  );
  const weights = menu.map((item) => item.weight);
  for (let left = count; left > 0; left -= 1) {
    const item = menu[random.weighted(weights)] as MenuItem;
    bill.lines.push(newLine(bill, item, drawQuantity(item, random)));
  }
}

/** Voids a line. If it is the only one, adds another first. */
export function voidOneLine(bill: Bill, random: Random, voidedMs: number): void {
  if (bill.lines.length < 2) addLines(bill, random, bill.openedMs, 1);
  const at = random.int(0, bill.lines.length - 1);
  bill.lines = bill.lines.map((line, index) => (index === at ? { ...line, voidedMs } : line));
}

function newLine(bill: Bill, item: MenuItem, quantityMicro: bigint): BillLine {
  const money = lineMoney(bill.profile, item, quantityMicro, bill.discountPercent);
  return { key: `l${bill.lines.length + 1}`, item, quantityMicro, ...money, voidedMs: null };
}

function drawQuantity(item: MenuItem, random: Random): bigint {
  if (item.byWeight === true) return BigInt(random.int(30, 300)) * 5_000n;
  return random.chance(0.12) ? BigInt(random.int(2, 4)) * 1_000_000n : 1_000_000n;
}
