import { addDays, daysBetween, type OrderPushInput } from "@tillcast/schemas";
import type { Scenario } from "./day-plan.ts";
import { dayDeliveries } from "./deliveries.ts";
import type { StoreProfile } from "./store-profile.ts";

/** Takes a batch of orders and resolves when all are accepted (or refused for a reason of their own). */
export type Deliver = (orders: OrderPushInput[]) => Promise<void>;

export interface HistoryOptions {
  readonly stores: readonly StoreProfile[];
  readonly scenario: Scenario;
  /** First and last business date (YYYY-MM-DD), both included. */
  readonly fromDate: string;
  readonly toDate: string;
  /** What arrives at this instant (UTC milliseconds) or later is left to the live simulation. */
  readonly untilMs: number;
  readonly deliver: Deliver;
  /** Whether orders are also told while they are open; default false, since it changes no past sum. */
  readonly openPictures?: boolean;
  /** Most orders of one batch; default 500, the most that one push takes. */
  readonly batchMaxCount?: number;
  /** Says which days were delivered by an earlier run; default none. */
  readonly isDone?: (storeKey: string, businessDate: string) => boolean;
  /** Hears of each store's day once all of it was accepted. */
  readonly onDayDone?: (progress: HistoryProgress) => void | Promise<void>;
  /** Stops between two batches. */
  readonly signal?: AbortSignal;
}

export interface HistoryProgress {
  readonly storeKey: string;
  readonly businessDate: string;
  /** Share of the days that are done, from 0 to 1. */
  readonly fraction: number;
  /** Orders handed over by this run so far; an order counts as often as it was delivered. */
  readonly delivered: number;
}

const BATCH_MAX_COUNT = 500;

/**
 * Delivers the past as fast as it is taken, day by day with the oldest first, and answers how many
 * orders it handed over. Running it again delivers the same orders in the same versions, so a run that
 * broke off is simply repeated, with `isDone` to skip what is known to be there.
 */
export async function deliverHistory(options: HistoryOptions): Promise<number> {
  const days = daysOf(options);
  const batchMaxCount = options.batchMaxCount ?? BATCH_MAX_COUNT;
  let batch: OrderPushInput[] = [];
  let ending: StoreDay[] = [];
  let underWay: Promise<void> = Promise.resolve();
  let delivered = 0;
  let done = 0;

  /** Hands a batch over as soon as the one before was taken; the next is drawn meanwhile. */
  const flush = async () => {
    const [orders, ended] = [batch, ending];
    [batch, ending] = [[], []];
    await underWay;
    options.signal?.throwIfAborted();
    underWay = handOver(orders, ended);
    underWay.catch(() => {}); // It is awaited by the next flush, which throws.
  };
  const handOver = async (orders: OrderPushInput[], ended: readonly StoreDay[]) => {
    if (orders.length > 0) await options.deliver(orders);
    delivered += orders.length;
    for (const { profile, businessDate } of ended) {
      done += 1;
      const fraction = done / days.length;
      await options.onDayDone?.({ storeKey: profile.key, businessDate, fraction, delivered });
    }
  };

  for (const day of days) {
    if (options.isDone?.(day.profile.key, day.businessDate) !== true) {
      for (const order of ordersOf(day, options)) {
        batch.push(order);
        if (batch.length >= batchMaxCount) await flush();
      }
    }
    ending.push(day);
  }
  await flush();
  await underWay;
  return delivered;
}

interface StoreDay {
  readonly profile: StoreProfile;
  readonly businessDate: string;
}

function daysOf({ stores, fromDate, toDate }: HistoryOptions): StoreDay[] {
  const count = Math.max(0, daysBetween(fromDate, toDate) + 1);
  return Array.from({ length: count }, (_, day) => addDays(fromDate, day)).flatMap((businessDate) =>
    stores.map((profile) => ({ profile, businessDate })),
  );
}

function ordersOf(day: StoreDay, options: HistoryOptions): OrderPushInput[] {
  return dayDeliveries(day.profile, options.scenario, day.businessDate)
    .filter(({ deliverAt }) => deliverAt < options.untilMs)
    .map(({ order }) => order)
    .filter((order) => options.openPictures === true || order.status !== "open");
}
