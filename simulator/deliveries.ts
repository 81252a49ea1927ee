import {
  addDays,
  businessDateOf,
  businessDayBounds,
  MINUTE_MS,
  type OrderPushInput,
} from "@tillcast/schemas";
import { planDay, type Scenario } from "./day-plan.ts";
import type { LifeStory } from "./life-story.ts";
import { type Random, randomOf } from "./random.ts";
import { closeoutsOf, type StoreProfile } from "./store-profile.ts";
import { type Stretch, stretchesOf } from "./trouble.ts";

/** The delivery of one picture of an order to ingest. */
export interface Delivery {
  /** When it arrives, in UTC milliseconds. */
  readonly deliverAt: number;
  readonly order: OrderPushInput;
}

export interface DeliveryRange {
  readonly stores: readonly StoreProfile[];
  readonly scenario: Scenario;
  /** Start of the deliveries (not of the orders), in UTC milliseconds. */
  readonly fromMs: number;
  /** End of the deliveries, exclusive; `Infinity` for an endless stream. */
  readonly toMs: number;
}

/** For how many days after its own business date an order may be delivered. A test checks it. */
export const DELIVERY_TAIL_DAYS = 3;

/**
 * Yields all deliveries of a time range in the order of arrival. Days are planned when the stream reaches them, so that
 * memory holds only a few days, however long the range is.
 */
export function* deliveriesOf({
  stores,
  scenario,
  fromMs,
  toMs,
}: DeliveryRange): Generator<Delivery> {
  let waiting: Delivery[] = [];
  for (const { profile, businessDate, startMs } of daysOf(stores, fromMs, toMs)) {
    // No delivery of this day or a later one comes before the day starts.
    const { due, rest } = divide(waiting, startMs);
    yield* due;
    waiting = rest;
    for (const delivery of dayDeliveries(profile, scenario, businessDate)) {
      if (delivery.deliverAt >= fromMs && delivery.deliverAt < toMs) waiting.push(delivery);
    }
  }
  yield* divide(waiting, Number.POSITIVE_INFINITY).due;
}

/** All deliveries of the orders of one business date, in the order of arrival. */
export function dayDeliveries(
  profile: StoreProfile,
  scenario: Scenario,
  businessDate: string,
): Delivery[] {
  const stretches = Array.from({ length: DELIVERY_TAIL_DAYS }, (_, day) =>
    stretchesOf(profile, scenario.seed, addDays(businessDate, day), scenario.trouble),
  ).flat();
  const deliveries = planDay(profile, scenario, businessDate).flatMap((story) =>
    storyDeliveries(story, scenario, stretches),
  );
  return deliveries.sort(byArrival);
}

/** The longest delay of a late delivery. */
const LATE_MAX_MS = 15 * 60 * MINUTE_MS;

function storyDeliveries(
  { orderId, pictures }: LifeStory,
  { seed, trouble }: Scenario,
  stretches: readonly Stretch[],
): Delivery[] {
  const random = randomOf(seed, orderId, "deliveries");
  const deliveries: Delivery[] = [];
  const send = (order: OrderPushInput, atMs: number) => {
    const deliverAt = heldUntil(Math.floor(atMs), stretches, random);
    deliveries.push({ deliverAt, order });
    return deliverAt;
  };
  pictures.forEach(({ atMs, order }, at) => {
    const arrivedMs = send(order, atMs + delayMs(random, trouble.late));
    if (random.chance(trouble.duplicate)) {
      send(order, arrivedMs + random.between(200, 30 * MINUTE_MS));
    }
    const before = pictures[at - 1];
    if (before !== undefined && random.chance(trouble.oldAgain)) {
      send(before.order, arrivedMs + random.between(200, 60 * MINUTE_MS));
    }
  });
  return deliveries;
}

/** The delay of a delivery: about a second, for some minutes to hours. */
function delayMs(random: Random, lateShare: number): number {
  const wireMs = random.between(150, 1_500);
  if (!random.chance(lateShare)) return wireMs;
  return random.chance(0.8)
    ? random.between(MINUTE_MS, 60 * MINUTE_MS)
    : random.between(60 * MINUTE_MS, LATE_MAX_MS);
}

/** Deliveries that are due while the till is offline arrive together when it is online again. */
function heldUntil(atMs: number, stretches: readonly Stretch[], random: Random): number {
  const held = stretches.find(({ startMs, endMs }) => atMs >= startMs && atMs < endMs);
  return held === undefined
    ? atMs
    : heldUntil(held.endMs + random.int(500, 20_000), stretches, random);
}

interface StoreDay {
  readonly profile: StoreProfile;
  readonly businessDate: string;
  readonly startMs: number;
}

/** The business days that may have deliveries in a range, by their starts. */
function* daysOf(
  stores: readonly StoreProfile[],
  fromMs: number,
  toMs: number,
): Generator<StoreDay> {
  const next = stores.map((profile) => {
    const first = businessDateOf(fromMs, profile.timeZone, closeoutsOf(profile));
    return storeDay(profile, addDays(first, -DELIVERY_TAIL_DAYS));
  });
  while (next.length > 0) {
    const at = next.reduce(
      (earliest, day, index) => (day.startMs < (next[earliest]?.startMs ?? 0) ? index : earliest),
      0,
    );
    const day = next[at] as StoreDay;
    if (day.startMs >= toMs) return;
    yield day;
    next[at] = storeDay(day.profile, addDays(day.businessDate, 1));
  }
}

function storeDay(profile: StoreProfile, businessDate: string): StoreDay {
  const { startMs } = businessDayBounds(businessDate, profile.timeZone, closeoutsOf(profile));
  return { profile, businessDate, startMs };
}

function divide(
  waiting: readonly Delivery[],
  beforeMs: number,
): { due: Delivery[]; rest: Delivery[] } {
  const due: Delivery[] = [];
  const rest: Delivery[] = [];
  for (const delivery of waiting) (delivery.deliverAt < beforeMs ? due : rest).push(delivery);
  return { due: due.sort(byArrival), rest };
}

/** Sorts equal instants by order and version, so that the stream is always the same. */
function byArrival(a: Delivery, b: Delivery): number {
  return (
    a.deliverAt - b.deliverAt ||
    (a.order.orderId < b.order.orderId ? -1 : a.order.orderId > b.order.orderId ? 1 : 0) ||
    versionOf(a.order) - versionOf(b.order)
  );
}

function versionOf(order: OrderPushInput): number {
  return Number(order.version.vendorVersion);
}
