import { addDays, daysBetween, type OrderPushInput } from "@tillcast/schemas";
import type { Scenario } from "./day-plan.ts";
import { dayDeliveries } from "./deliveries.ts";
import type { StoreProfile } from "./store-profile.ts";

/** Sends a batch of orders. Resolves when each is accepted, or rejected for its own fault. */
export type Deliver = (orders: OrderPushInput[]) => Promise<void>;

export interface HistoryOptions {
  readonly stores: readonly StoreProfile[];
  readonly scenario: Scenario;
  /** First and last business date (YYYY-MM-DD), inclusive. */
  readonly fromDate: string;
  readonly toDate: string;
  /** Deliveries at or after this instant (UTC milliseconds) are left to the live simulation. */
  readonly untilMs: number;
  readonly deliver: Deliver;
  /** Whether to send open orders too. Default false, because they change no past sum. */
  readonly openPictures?: boolean;
  /** Most orders of one batch; default 500, the most that one push takes. */
  readonly batchMaxCount?: number;
  /** Tells which days an earlier run has delivered. Default: none. */
  readonly isDone?: (storeKey: string, businessDate: string) => boolean;
  /** Called after all orders of a store's day are accepted. */
  readonly onDayDone?: (progress: HistoryProgress) => void | Promise<void>;
  /** Stops between two batches. */
  readonly signal?: AbortSignal;
}

export interface HistoryProgress {
  readonly storeKey: string;
  readonly businessDate: string;
  /** The part of the days that is done, from 0 to 1. */
  readonly fraction: number;
  /** The number of delivered orders. An order counts as often as it was delivered. */
  readonly delivered: number;
}

const BATCH_MAX_COUNT = 500;

/**
 * Delivers past orders as fast as they are accepted, the oldest day first. Resolves with the number of delivered orders.
 * A second run delivers the same versions of the same orders, so an interrupted run can be repeated. `isDone` skips days
 * that exist already.
 */
export async function deliverHistory(options: HistoryOptions): Promise<number> {
  const days = daysOf(options);
  const batchMaxCount = options.batchMaxCount ?? BATCH_MAX_COUNT;
  let batch: OrderPushInput[] = [];
  let ending: StoreDay[] = [];
  let underWay: Promise<void> = Promise.resolve();
  let delivered = 0;
  let done = 0;

  /** Sends a batch when the one before is accepted, and generates the next one meanwhile. */
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
