import {
  channelNumber,
  localHourStartOf,
  type OrderLine,
  type OrderSnapshot,
} from "@tillcast/schemas";
import { countedAtOf } from "./counted-at.ts";
import { itemPostings } from "./item-postings.ts";
import { addVector, at, isZeroVector, type MeasureVector } from "./measure-vector.ts";
import type { Posted, PostedEntry } from "./posted.ts";
import { refundEntry } from "./refund-entry.ts";
import { isSold, lineVoidEntry, reversalOf, saleEntry } from "./sale-entry.ts";
import { shareText } from "./share-text.ts";
import { tenderPostings } from "./tender-postings.ts";

/** An amount of every measure at one instant of one business date. */
interface Movement {
  readonly countedAt: number;
  readonly businessDate: string;
  readonly occurredAt: number;
  readonly values: MeasureVector;
}

/**
 * Everything that one picture of an order puts into the ledger: a pure function of the snapshot, so that
 * duplicates, skipped versions and any order of arrival end in the same sums.
 */
export function postingsOf(order: OrderSnapshot): Posted {
  const kept = !order.testMode && order.withheld === null && order.status !== "deleted";
  const countedAt = kept && order.kind !== "non_revenue" ? countedAtOf(order) : null;
  const movements = countedAt === null ? [] : movementsOf(order, countedAt);
  return {
    storeId: shareText(order.storeId),
    channel: channelNumber(order.channel),
    currency: shareText(order.currency),
    entries: mergeMovements(movements, order.timeZone),
    items: countedAt === null ? [] : itemPostings(order, countedAt),
    tenders: kept ? tenderPostings(order) : [],
    open: kept && order.kind !== "non_revenue" ? openAmountOf(order) : null,
  };
}

function movementsOf(order: OrderSnapshot, countedAt: number): Movement[] {
  const sale = saleEntry(order, countedAt);
  const movements: Movement[] = [
    { countedAt, businessDate: order.businessDate, occurredAt: order.openedAt, values: sale },
  ];
  if (order.status !== "voided" && order.refunds.length === 0 && !order.lines.some(isVoided)) {
    return movements;
  }
  const left = [...sale];
  for (const line of order.lines) {
    if (line.voidedAt === null || !isSold(line, countedAt)) continue;
    const values = lineVoidEntry(line, order);
    const businessDate = line.voidBusinessDate ?? order.businessDate;
    movements.push({ countedAt: line.voidedAt, businessDate, occurredAt: line.voidedAt, values });
    takeBack(left, values);
  }
  if (order.status === "voided") {
    const voidedAt = order.voidedAt ?? countedAt;
    const businessDate = order.voidBusinessDate ?? order.businessDate;
    movements.push({
      countedAt: voidedAt,
      businessDate,
      occurredAt: voidedAt,
      values: reversalOf(left),
    });
  }
  for (const refund of order.refunds) {
    if (refund.status !== "done") continue;
    movements.push({
      countedAt: refund.at,
      businessDate: refund.businessDate,
      occurredAt: refund.at,
      values: refundEntry(refund, sale),
    });
  }
  return movements;
}

const isVoided = (line: OrderLine): boolean => line.voidedAt !== null;

/** Lowers what a whole-order void still has to take back by what a line's void took. */
function takeBack(left: MeasureVector, lineVoid: readonly bigint[]): void {
  const taken = [...lineVoid];
  // A void stands in its own column; what it took back was net.
  const voided = taken[at.void] ?? 0n;
  taken[at.void] = 0n;
  taken[at.net] = (taken[at.net] ?? 0n) - voided;
  addVector(left, taken);
}

/** One wide entry per instant and business date. */
function mergeMovements(movements: readonly Movement[], timeZone: string): PostedEntry[] {
  const [only] = movements;
  // Most orders are one sale and nothing more.
  if (only !== undefined && movements.length === 1) {
    const hourStart = localHourStartOf(only.countedAt, timeZone);
    return isZeroVector(only.values) ? [] : [{ ...only, hourStart }];
  }
  const entries = new Map<string, PostedEntry>();
  for (const { countedAt, businessDate, occurredAt, values } of movements) {
    const key = `${countedAt} ${businessDate}`;
    const entry = entries.get(key);
    if (entry !== undefined) addVector(entry.values, values);
    else {
      const hourStart = localHourStartOf(countedAt, timeZone);
      entries.set(key, { countedAt, businessDate, hourStart, occurredAt, values: [...values] });
    }
  }
  return [...entries.values()].filter((entry) => !isZeroVector(entry.values));
}

/** Net of what is ordered and unpaid; null for an order that is not open. */
function openAmountOf(order: OrderSnapshot): bigint | null {
  if (order.status !== "open" || order.paidAt !== null) return null;
  return order.lines
    .filter((line) => line.revenue && line.voidedAt === null)
    .reduce((sum, line) => sum + line.net, 0n);
}
