import {
  channelNumber,
  countedAtOf,
  localHourStartOf,
  type OrderLine,
  type OrderSnapshot,
  paidInstantOf,
  type TakeBack,
  takeBacks,
} from "@tillcast/schemas";

import { itemPostings } from "./item-postings.ts";
import { addVector, isZeroVector, type MeasureVector } from "./measure-vector.ts";
import type { Posted, PostedEntry } from "./posted.ts";
import { saleEntry, sellsSomething, takeBackEntry } from "./sale-entry.ts";
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
  const isSales = kept && order.kind !== "non_revenue";
  const countedAt = isSales ? countedAtOf(order, order.countedWhen) : null;
  const back = countedAt === null ? [] : takeBacksOf(order, countedAt);
  const movements = countedAt === null ? [] : movementsOf(order, countedAt, back);
  return {
    storeId: shareText(order.storeId),
    channel: channelNumber(order.channel),
    currency: shareText(order.currency),
    entries: mergeMovements(movements, order.timeZone),
    items: countedAt === null ? [] : itemPostings(order, countedAt, back),
    tenders: kept ? tenderPostings(order) : [],
    open: isSales ? openAmountOf(order) : null,
  };
}

/** Most orders are sold and nothing of them is taken back; those cost no look at their parts. */
function takeBacksOf(order: OrderSnapshot, countedAt: number): readonly TakeBack[] {
  const { status, refunds, lines } = order;
  if (status !== "voided" && refunds.length === 0 && !lines.some(isVoided)) return noTakeBacks;
  return takeBacks(order, countedAt);
}

const noTakeBacks: readonly TakeBack[] = [];
const isVoided = (line: OrderLine): boolean => line.voidedAt !== null;

function movementsOf(
  order: OrderSnapshot,
  countedAt: number,
  back: readonly TakeBack[],
): Movement[] {
  const sale = saleEntry(order, countedAt);
  const movements: Movement[] = [
    { countedAt, businessDate: order.businessDate, occurredAt: order.openedAt, values: sale },
  ];
  for (const takeBack of back) {
    const { at, businessDate } = takeBack;
    const values = takeBackEntry(takeBack, order, sale);
    movements.push({ countedAt: at, businessDate, occurredAt: at, values });
  }
  return movements;
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

/** Net of what is ordered and unpaid; null for an order that is paid, or sells nothing. */
function openAmountOf(order: OrderSnapshot): bigint | null {
  if (order.status !== "open" || paidInstantOf(order) !== null || !sellsSomething(order))
    return null;
  return order.lines
    .filter((line) => line.revenue && line.voidedAt === null)
    .reduce((sum, line) => sum + line.net, 0n);
}
