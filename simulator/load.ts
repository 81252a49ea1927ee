import type { OrderPushInput } from "@tillcast/schemas";
import type { SimulatedStore } from "./demo-tenant.ts";
import { type Random, randomOf } from "./random.ts";

export interface LoadOptions {
  readonly seed: number;
  /** Different orders; what is yielded is more where some come edited or twice. */
  readonly orders: number;
  readonly stores: readonly SimulatedStore[];
  readonly accountId: string;
  /** The orders open evenly from here on, in UTC milliseconds. */
  readonly fromMs: number;
  readonly spanMs: number;
  /** Share of orders that are corrected by a second version, from 0 to 1. */
  readonly editShare?: number;
  /** Share of pictures that come twice. */
  readonly duplicateShare?: number;
  /** Share of pictures that come late: behind their peers, and perhaps behind their own correction. */
  readonly lateShare?: number;
}

/** How many places later a second version, a duplicate or a late picture comes at most. */
const EDIT_PLACES = 200;
const LATE_PLACES = 2_000;

const zones = [
  ["Europe/Berlin", "EUR", "DE"],
  ["America/New_York", "USD", "US"],
  ["Asia/Tokyo", "JPY", "JP"],
  ["Asia/Kathmandu", "NPR", "NP"],
] as const;

/** Plain stores with fixed ids for `loadOrders`, across zones and currencies. */
export function simulatedStores(count: number): SimulatedStore[] {
  return Array.from({ length: count }, (_, at) => {
    const [timeZone, currency, country] = zones[at % zones.length] as (typeof zones)[number];
    const number = String(at + 1).padStart(12, "0");
    return {
      key: `load-${at + 1}`,
      storeId: `0de20000-0000-4000-8000-${number}`,
      name: `Load ${at + 1}`,
      country,
      timeZone,
      currency,
      closeoutMinute: 240,
    };
  });
}

/**
 * Closed orders of three lines and about 1 kB of JSON, for benches and crash tests: cheap to draw, the
 * same for the same options, and with memory for the pictures under way only.
 */
export function* loadOrders(options: LoadOptions): Generator<OrderPushInput> {
  const { editShare = 0, duplicateShare = 0, lateShare = 0 } = options;
  const random = randomOf(options.seed, "load");
  const held = new Map<number, OrderPushInput[]>();
  let heldUntil = 0;
  const hold = (order: OrderPushInput, place: number) => {
    heldUntil = Math.max(heldUntil, place);
    const others = held.get(place);
    if (others === undefined) held.set(place, [order]);
    else others.push(order);
  };
  for (let place = 0; place < options.orders || place <= heldUntil; place += 1) {
    if (place < options.orders) {
      const order = loadOrder(options, place, random);
      const isLate = random.chance(lateShare);
      hold(order, isLate ? place + random.int(1, LATE_PLACES) : place);
      if (random.chance(editShare)) hold(edited(order, random), place + random.int(1, EDIT_PLACES));
      if (random.chance(duplicateShare)) hold(order, place + random.int(1, EDIT_PLACES));
    }
    yield* held.get(place) ?? [];
    held.delete(place);
  }
}

const items = [
  ["i-101", "House special with everything on it", "Mains"],
  ["i-102", "Side of the day with seasonal greens", "Sides"],
  ["i-103", "Sparkling water, large bottle", "Drinks"],
] as const;
const channels = ["dine_in", "takeout", "delivery", "online"] as const;
const TAX_PERCENT = 8;
const STAY_MS = 300_000;

function loadOrder(options: LoadOptions, place: number, random: Random): OrderPushInput {
  const store = options.stores[place % options.stores.length];
  if (store === undefined) throw new RangeError("a load needs stores");
  const openedMs = Math.floor(options.fromMs + (options.spanMs * place) / options.orders);
  const closedAt = new Date(openedMs + STAY_MS).toISOString();
  const lines = items.map(([itemId, name, category], at) => {
    const gross = random.int(200, 3_000);
    const tax = Math.round((gross * TAX_PERCENT) / 100);
    return {
      key: `l${at + 1}`,
      itemId,
      name,
      category,
      qty: "1",
      gross,
      discount: 0,
      net: gross,
      tax,
    };
  });
  const due = lines.reduce((sum, { net, tax }) => sum + net + tax, 0);
  return {
    source: "simulator",
    accountId: options.accountId,
    locationId: store.key,
    orderId: `${store.key}-${options.seed}-${place}`,
    registerId: "till-1",
    receiptNumber: String(place),
    version: { vendorVersion: 1 },
    status: "closed",
    openedAt: new Date(openedMs).toISOString(),
    closedAt,
    paidAt: closedAt,
    currency: store.currency,
    channel: random.pick(channels),
    guests: random.int(1, 4),
    taxMode: "exclusive",
    lines: lines.map((line) => ({
      ...line,
      gross: String(line.gross),
      discount: "0",
      net: String(line.net),
      tax: String(line.tax),
    })),
    payments: [
      { key: "p1", method: "card", amount: String(due), tip: "0", status: "done", at: closedAt },
    ],
  };
}

/** The second version takes half off one line, or moves the order to another channel. */
function edited(order: OrderPushInput, random: Random): OrderPushInput {
  const version = { vendorVersion: 2 };
  if (random.chance(0.3)) {
    const others = channels.filter((channel) => channel !== order.channel);
    return { ...order, version, channel: random.pick(others) };
  }
  const [first, ...rest] = order.lines ?? [];
  if (first === undefined) return { ...order, version };
  const gross = Number(first.gross);
  const discount = Math.floor(gross / 2);
  const line = { ...first, discount: String(discount), net: String(gross - discount) };
  const payments = order.payments?.map((payment) => ({
    ...payment,
    amount: String(Number(payment.amount) - discount),
  }));
  return { ...order, version, lines: [line, ...rest], ...(payments && { payments }) };
}
