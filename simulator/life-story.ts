import { businessDayBounds, MINUTE_MS, type OrderPushInput } from "@tillcast/schemas";
import { type Bill, pictureOf } from "./bill.ts";
import { befall } from "./mishap.ts";
import { type Random, randomOf } from "./random.ts";
import { addLines, voidOneLine } from "./ring-up.ts";
import { drawTenders } from "./settle-bill.ts";
import { closeoutsOf } from "./store-profile.ts";
import { closeBill, type StoryRequest, type Telling } from "./telling.ts";
import { drawMishap, type Mishap } from "./trouble.ts";

/** One order from its opening to its last correction. */
export interface LifeStory {
  readonly orderId: string;
  /** What went wrong; undefined for an ordinary order. */
  readonly mishap: Mishap | undefined;
  /** Pictures of the order, each newer than the one before: `vendorVersion` is 1, 2, 3 ... */
  readonly pictures: readonly Picture[];
}

/** The order as the till would tell it at an instant (UTC milliseconds). */
export interface Picture {
  readonly atMs: number;
  readonly order: OrderPushInput;
}

/** Guests of a table stay this long, and at least a little while when the house is about to close. */
const STAY_MS = [40 * MINUTE_MS, 120 * MINUTE_MS] as const;
const STAY_MIN_MS = 12 * MINUTE_MS;
/** Share of orders with an offer, and the offers in percent. */
const OFFER_SHARE = 0.07;
const offers = [10, 10, 15, 20, 50] as const;
const partySizes = [18, 44, 14, 14, 5, 4, 1] as const;

/** Tells the life of one order. Pure: the same request gives the same story. */
export function tellStory(request: StoryRequest): LifeStory {
  const { profile, businessDate, number, openedMs } = request;
  const random = randomOf(request.seed, profile.key, businessDate, "order", number);
  const mishap = drawMishap(random, request.trouble);
  const bill = openBill(request, random, mishap);
  const pictures: Picture[] = [];
  const take = (atMs: number) => {
    const earliestMs = (pictures.at(-1)?.atMs ?? openedMs) + 1;
    const order = pictureOf(bill, pictures.length + 1);
    pictures.push({ atMs: Math.max(atMs, earliestMs), order });
  };
  const closedMs = bill.channel.table
    ? serveTable(bill, request, random, mishap, take)
    : serveCounter(bill, request, random, mishap);
  const tenders = drawTenders(bill, random, closedMs);
  const bounds = businessDayBounds(businessDate, profile.timeZone, closeoutsOf(profile));
  const telling: Telling = { request, random, bill, tenders, dayEndMs: bounds.endMs, take };
  if (mishap === undefined) closeBill(telling, closedMs);
  else befall(telling, mishap, closedMs);
  return { orderId: bill.orderId, mishap, pictures };
}

function openBill(request: StoryRequest, random: Random, mishap: Mishap | undefined): Bill {
  const { profile, accountId, businessDate, number, openedMs } = request;
  const weights = profile.channels.map((channel) => channel.weight);
  const channel = profile.channels[random.weighted(weights)];
  if (channel === undefined) throw new RangeError(`${profile.key} has no channels`);
  const receiptNumber = String(number).padStart(4, "0");
  return {
    profile,
    accountId,
    orderId: `${profile.key}-${businessDate.replaceAll("-", "")}-${receiptNumber}`,
    receiptNumber,
    registerId: `till-${random.int(1, 3)}`,
    staffKey: `staff-${random.int(1, 9)}`,
    openedMs,
    guests: channel.table ? random.weighted(partySizes) + 1 : null,
    testMode: mishap === "testMode",
    discountPercent: random.chance(OFFER_SHARE) ? random.pick(offers) : 0,
    channel,
    status: "open",
    closedMs: null,
    paidMs: null,
    voidedMs: null,
    voidReason: null,
    lines: [],
    charges: [],
    payments: [],
    refunds: [],
  };
}

/**
 * How long guests stay who have so much time left. Those who would stay longer leave at any time before: were
 * all of them to pay at the last call, it would look like the busiest moment of the night.
 */
function stayBefore(leftMs: number, wishMs: number): number {
  if (wishMs <= leftMs) return wishMs;
  const from = Math.max(leftMs, STAY_MS[0]);
  const share = (wishMs - from) / (STAY_MS[1] - from);
  return Math.max(STAY_MIN_MS, STAY_MIN_MS + share * (leftMs - STAY_MIN_MS));
}

/** Orders in rounds while the bill is open; answers when the guests pay. */
function serveTable(
  bill: Bill,
  { openedMs, lastCallMs }: StoryRequest,
  random: Random,
  mishap: Mishap | undefined,
  take: (atMs: number) => void,
): number {
  const wishMs = random.between(STAY_MS[0], STAY_MS[1]);
  const closedMs = Math.floor(openedMs + stayBefore(lastCallMs - openedMs, wishMs));
  const guests = bill.guests ?? 1;
  let atMs = openedMs + random.int(20_000, 240_000);
  addLines(bill, random, atMs, guests + random.int(0, guests));
  take(atMs);
  for (let round = 0; round < 2; round += 1) {
    atMs += random.int(8 * MINUTE_MS, 35 * MINUTE_MS);
    if (atMs > closedMs - 5 * MINUTE_MS || !random.chance(0.6)) break;
    addLines(bill, random, atMs, random.int(1, Math.max(1, guests)));
    take(atMs);
  }
  if (mishap === "lineVoidedOpen") {
    const voidedMs = closedMs - 2 * MINUTE_MS - random.int(0, 60_000);
    voidOneLine(bill, random, voidedMs);
    take(voidedMs);
  }
  return closedMs;
}

function serveCounter(
  bill: Bill,
  { openedMs }: StoryRequest,
  random: Random,
  mishap: Mishap | undefined,
): number {
  addLines(bill, random, openedMs, 1 + random.weighted([38, 34, 18, 10]));
  if (mishap === "lineVoidedOpen") voidOneLine(bill, random, openedMs + 10_000);
  return openedMs + random.int(20_000, 200_000);
}
