import { createHash } from "node:crypto";
import { type OrderSnapshot, orderChannels } from "@tillcast/schemas";

/** What the processor's bench feeds on: closed orders of three lines, with some trouble among them. */
export interface SnapshotLoad {
  readonly stores: number;
  readonly orders: number;
  /** Shares of the orders that are edited, delivered twice, or whose first version comes after the edit. */
  readonly editShare: number;
  readonly duplicateShare: number;
  readonly lateShare: number;
  /** Days that the orders spread over. */
  readonly days: number;
  /** Number of the first order; a load that follows another one begins where that ended. Default: 0. */
  readonly firstOrder?: number;
}

export const tenantId = "01990000-0000-7000-8000-00000000be9c";

const dayMs = 86_400_000;
const firstDay = Date.UTC(2026, 2, 2);
const names = [
  "Margherita pizza large",
  "Caesar salad",
  "Sparkling water 0.5",
  "Tiramisu",
  "Espresso doppio",
  "Garlic bread",
];
const channels = orderChannels.slice(0, 4);

/** The id of one store. */
export const storeIdOf = (store: number): string =>
  `01990000-0000-7000-8000-${store.toString(16).padStart(12, "0")}`;

/** Snapshots in the order of their arrival; the same ones each time. */
export function snapshotLoad(load: SnapshotLoad): OrderSnapshot[] {
  let state = 123_456_789;
  const random = () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
  const below = (limit: number) => Math.floor(random() * limit);
  const arrivals: { at: number; snapshot: OrderSnapshot }[] = [];
  const { firstOrder = 0 } = load;
  for (let index = firstOrder; index < firstOrder + load.orders; index += 1) {
    const store = below(load.stores);
    const closedAt =
      firstDay + Math.floor((index / load.orders) * load.days * dayMs) + below(60_000);
    const channel = channels[below(channels.length)] ?? "dine_in";
    const nets = [100 + below(3_000), 100 + below(3_000), 100 + below(3_000)];
    const first = snapshot(index, store, 1, closedAt, channel, nets);
    const edited = random() < load.editShare;
    const late = edited && random() < load.lateShare / load.editShare;
    const editAt = index + 50 + below(20_000);
    arrivals.push({ at: late ? editAt + 1 : index, snapshot: first });
    if (edited) {
      const changed = [(nets[0] ?? 0) + 1 + below(2_000), ...nets.slice(1)];
      arrivals.push({
        at: editAt,
        snapshot: snapshot(index, store, 2, closedAt, channel, changed),
      });
    }
    if (random() < load.duplicateShare)
      arrivals.push({ at: index + 1 + below(20_000), snapshot: first });
  }
  return arrivals.sort((a, b) => a.at - b.at).map((arrival) => arrival.snapshot);
}

/** One closed order of three lines. */
export function snapshot(
  index: number,
  store: number,
  version: number,
  closedAt: number,
  channel: OrderSnapshot["channel"],
  nets: readonly number[],
): OrderSnapshot {
  const businessDate = new Date(closedAt).toISOString().slice(0, 10);
  const net = nets.reduce((sum, value) => sum + value, 0);
  const orderId = `s${store}-${String(index).padStart(7, "0")}`;
  const hash = createHash("sha256")
    .update(`${orderId} ${version} ${nets.join()}`)
    .digest("hex")
    .slice(0, 32);
  return {
    tenantId,
    storeId: storeIdOf(store),
    source: "push",
    accountId: "default",
    locationId: `location-${store}`,
    orderId,
    relatedOrderId: null,
    registerId: `terminal-${index % 5}`,
    receiptNumber: String(index),
    staffKey: `staff-${index % 17}`,
    version: { vendorVersion: version, mappingRevision: 1, observedAt: closedAt, hash },
    kind: "sale",
    status: "closed",
    openedAt: closedAt - 1_800_000,
    closedAt,
    paidAt: closedAt,
    voidedAt: null,
    voidBusinessDate: null,
    voidReason: null,
    receivedAt: closedAt + 500,
    businessDate,
    businessDateFrom: "derived",
    timeZone: "Europe/Berlin",
    currency: "EUR",
    channel,
    channelRaw: null,
    guests: 2,
    testMode: false,
    taxMode: "exclusive",
    lines: nets.map((value, line) => ({
      key: `line-${line + 1}`,
      parentKey: null,
      itemId: `SKU-${(index * 7 + line * 13) % 60}`,
      name: names[(index + line) % names.length] ?? "",
      category: null,
      quantityMicro: BigInt(1 + ((index + line) % 3)) * 1_000_000n,
      gross: BigInt(value),
      discount: 0n,
      net: BigInt(value),
      tax: BigInt(Math.round(value / 10)),
      revenue: true,
      voidedAt: null,
      voidBusinessDate: null,
      checkId: null,
      kind: null,
    })),
    charges: [],
    payments: [
      {
        key: "payment-1",
        method: index % 3 === 0 ? "cash" : "card",
        amount: BigInt(net),
        tip: 0n,
        status: "done",
        at: closedAt,
        businessDate,
      },
    ],
    refunds: [],
    totals: {
      gross: BigInt(net),
      discount: 0n,
      net: BigInt(net),
      charges: 0n,
      gratuity: 0n,
      tax: 0n,
      tip: 0n,
      rounding: 0n,
      total: BigInt(net),
    },
    unreconciled: null,
    countedWhen: "paid",
    withheld: null,
    orderTax: null,
    numbering: null,
    numberSpace: null,
    formerKey: null,
    nameDecision: null,
    settingsRevision: 1,
  };
}
