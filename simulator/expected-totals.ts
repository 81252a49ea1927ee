import {
  businessDateOf,
  type ChargeKind,
  defaultNetCharges,
  isRevenue,
  type OrderChannel,
  type OrderPush,
  type OrderPushInput,
  OrderPushV1,
  splitProRata,
  WINDOW_MS,
} from "@tillcast/schemas";
import { closeoutsOf, type StoreProfile } from "./store-profile.ts";

/** The expected content of a 15-minute rollup row. Money is in minor units. */
export interface ExpectedTotal {
  readonly locationId: string;
  readonly businessDate: string;
  /** Start of the window in UTC milliseconds. */
  readonly windowStart: number;
  readonly channel: OrderChannel;
  readonly currency: string;
  /** Sales after discounts, without tax, before refunds and voids. */
  net: bigint;
  /** Charges that count as sales by default, minus their refunds and voids. */
  charges: bigint;
  refund: bigint;
  void: bigint;
  tax: bigint;
  tip: bigint;
  orders: bigint;
}

type StoreTimes = Pick<StoreProfile, "key" | "timeZone" | "closeoutMinute">;
type Amounts = Partial<
  Record<"net" | "charges" | "refund" | "void" | "tax" | "tip" | "orders", bigint>
>;

/**
 * Computes the expected rollups from the newest version of every order. It implements the rules a second time and in a
 * simple way (an order counts when it is paid), so that tests can compare the ledger with it. Orders may come in any
 * order and several times.
 */
export function expectedTotals(
  orders: Iterable<OrderPushInput>,
  stores: readonly StoreTimes[],
): ExpectedTotal[] {
  const storeOf = new Map(stores.map((store) => [store.key, store]));
  const totals = new Map<string, ExpectedTotal>();
  for (const order of newestVersions(orders)) {
    const store = storeOf.get(order.locationId ?? "");
    if (store === undefined) throw new RangeError(`unknown location: ${order.locationId}`);
    countOrder(order, (atMs, amounts) => post(totals, order, store, atMs, amounts));
  }
  return [...totals].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, total]) => total);
}

/** Net sales as shown: with the counted charges, minus refunds and voids. */
export function expectedNet(total: ExpectedTotal): bigint {
  return total.net + total.charges - total.refund - total.void;
}

function newestVersions(orders: Iterable<OrderPushInput>): OrderPush[] {
  const newest = new Map<string, OrderPushInput>();
  for (const order of orders) {
    const known = newest.get(order.orderId);
    if (known === undefined || versionOf(order) > versionOf(known))
      newest.set(order.orderId, order);
  }
  return [...newest.values()].map((order) => OrderPushV1.parse(order));
}

function versionOf(order: OrderPushInput): number {
  return Number(order.version.vendorVersion);
}

type Post = (atMs: number, amounts: Amounts) => void;

function countOrder(order: OrderPush, post: Post): void {
  if (order.testMode || order.status === "open" || order.status === "deleted") return;
  const countedMs = order.paidAt ?? coveredMs(order) ?? order.closedAt ?? order.openedAt;
  const lines = order.lines.filter(
    (line) => (line.revenue ?? isRevenue(line.kind)) && (line.voidedAt ?? Infinity) > countedMs,
  );
  const sale = {
    net: sum(lines.map((line) => line.net ?? 0n)),
    charges: sum(order.charges.filter(({ kind }) => counts(kind)).map((charge) => charge.net)),
    tax: sum([...lines, ...order.charges].map((part) => part.tax)),
    tip: sum(order.payments.filter(({ status }) => status === "done").map(({ tip }) => tip)),
  };
  post(countedMs, { ...sale, orders: 1n });
  const left = countLineVoids(lines, sale, post);
  if (order.status === "voided") {
    const { net, charges, tax, tip } = left;
    const voided = { void: net, charges: -charges, tax: -tax, tip: -tip, orders: -1n };
    post(order.voidedAt ?? countedMs, voided);
  }
  for (const refund of order.refunds) {
    if (refund.status === "done") post(refund.at, refundOf(order, refund));
  }
}

/** When the payments covered the bill; undefined if they do not. */
function coveredMs(order: OrderPush): number | undefined {
  const standing = order.lines.filter((line) => line.voidedAt == null);
  const parts = [...standing, ...order.charges];
  let owed = sum(parts.map((part) => (part.net ?? 0n) + part.tax)) + (order.tax ?? 0n);
  const done = order.payments.flatMap(({ status, at, amount }) =>
    status === "done" && at !== undefined ? [{ at, amount }] : [],
  );
  for (const { at, amount } of done.sort((a, b) => a.at - b.at)) {
    owed -= amount;
    if (owed <= 0n) return at;
  }
  return undefined;
}

interface Sale {
  readonly net: bigint;
  readonly charges: bigint;
  readonly tax: bigint;
  readonly tip: bigint;
}

/** The rest of a sale without the lines that were voided later. */
function countLineVoids(lines: OrderPush["lines"], sale: Sale, post: Post): Sale {
  let { net, tax } = sale;
  for (const line of lines) {
    if (line.voidedAt == null) continue;
    post(line.voidedAt, { void: line.net ?? 0n, tax: -line.tax });
    net -= line.net ?? 0n;
    tax -= line.tax;
  }
  return { ...sale, net, tax };
}

/** Splits an amount without parts over net sales, tax and charges, in the proportions of the order. */
function refundOf(order: OrderPush, refund: OrderPush["refunds"][number]): Amounts {
  if (refund.net !== undefined && refund.tax !== undefined) {
    return { refund: refund.net, tax: -refund.tax, tip: -refund.tip };
  }
  const lines = order.lines.filter((line) => line.voidedAt == null);
  const net = sum(lines.map((line) => line.net ?? 0n));
  const tax = sum([...lines, ...order.charges].map((part) => part.tax));
  const weights = [net, tax, ...order.charges.map((charge) => charge.net)];
  const [netPart = 0n, taxPart = 0n, ...parts] = splitProRata(refund.amount, weights);
  const charges = sum(order.charges.map(({ kind }, at) => (counts(kind) ? (parts[at] ?? 0n) : 0n)));
  return { refund: netPart, charges: -charges, tax: -taxPart, tip: -refund.tip };
}

function post(
  totals: Map<string, ExpectedTotal>,
  order: OrderPush,
  store: StoreTimes,
  atMs: number,
  amounts: Amounts,
): void {
  const place = {
    locationId: store.key,
    businessDate: businessDateOf(atMs, store.timeZone, closeoutsOf(store)),
    windowStart: Math.floor(atMs / WINDOW_MS) * WINDOW_MS,
    channel: order.channel,
    currency: order.currency,
  };
  const key = Object.values(place).join("\t");
  const total = totals.get(key) ?? { ...place, ...zero };
  totals.set(key, total);
  for (const [name, amount] of Object.entries(amounts)) total[name as keyof Amounts] += amount;
}

const zero = { net: 0n, charges: 0n, refund: 0n, void: 0n, tax: 0n, tip: 0n, orders: 0n };

function counts(kind: ChargeKind): boolean {
  return defaultNetCharges.includes(kind);
}

function sum(amounts: readonly bigint[]): bigint {
  return amounts.reduce((total, amount) => total + amount, 0n);
}
