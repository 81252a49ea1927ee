import { z } from "zod";
import { growing, instantMs, int, isoDate, long, minor, named } from "../avro/annotations.ts";
import { type AvroCodec, makeAvroCodec } from "../avro/codec.ts";
import {
  businessDateOrigins,
  chargeKinds,
  countedWhenRules,
  lineKinds,
  nameDecisions,
  numberings,
  orderChannels,
  orderKinds,
  orderSources,
  orderStatuses,
  paymentStatuses,
  refundStatuses,
  taxModes,
} from "./order-words.ts";

const text = z.string();

/**
 * One line of the bill. Amounts are >= 0, for the order's kind carries the sign; those of a deposit given
 * back are negative.
 */
export const OrderLine = named(
  "OrderLine",
  z.object({
    key: text,
    parentKey: text.nullable(),
    itemId: text.nullable(),
    name: text,
    category: text.nullable(),
    /** Units sold in millionths, so that 0.35 kg is exact. */
    quantityMicro: minor,
    /** Before discounts; includes tax only where the order's `taxMode` is inclusive. */
    gross: minor,
    discount: minor,
    /** After discounts, without tax. */
    net: minor,
    tax: minor,
    /** False for gift cards and the like: sold, but no sales. */
    revenue: z.boolean(),
    voidedAt: instantMs.nullable(),
    voidBusinessDate: isoDate.nullable(),
    checkId: text.nullable(),
    /** What the line sells; null in records of releases that did not say. `revenue` decides what counts. */
    kind: growing("LineKind", z.enum(lineKinds), "other").nullable(),
  }),
);

export const OrderCharge = named(
  "OrderCharge",
  z.object({
    key: text,
    kind: growing("ChargeKind", z.enum(chargeKinds), "other"),
    net: minor,
    tax: minor,
    /** The line that the charge belongs to; a refund of that line takes it back too. */
    lineKey: text.nullable(),
  }),
);

/** A tender. `amount` is without the tip; a negative one is change given back. */
export const OrderPayment = named(
  "OrderPayment",
  z.object({
    key: text,
    method: text,
    amount: minor,
    tip: minor,
    status: named("PaymentStatus", z.enum(paymentStatuses)),
    at: instantMs,
    businessDate: isoDate,
  }),
);

/** A refund; posts at its own instant. `amount` includes tax and excludes the tip. */
export const OrderRefund = named(
  "OrderRefund",
  z.object({
    key: text,
    paymentKey: text.nullable(),
    lineKey: text.nullable(),
    net: minor.nullable(),
    tax: minor.nullable(),
    amount: minor,
    tip: minor,
    at: instantMs,
    businessDate: isoDate,
    status: named("RefundStatus", z.enum(refundStatuses)),
    /** The kind of charge that is given back, such as a gratuity. */
    chargeKind: growing("RefundedChargeKind", z.enum(chargeKinds), "other").nullable(),
  }),
);

/** `total` = net + charges + gratuity + tax + rounding; the tip stays outside. */
export const OrderTotals = named(
  "OrderTotals",
  z.object({
    gross: minor,
    discount: minor,
    net: minor,
    charges: minor,
    gratuity: minor,
    tax: minor,
    tip: minor,
    rounding: minor,
    total: minor,
  }),
);

/** Sorts the pictures of one order; see `compareVersions`. */
export const OrderVersion = named(
  "OrderVersion",
  z.object({
    /** The vendor's counter, or its modified time in UTC milliseconds; one kind per connection. */
    vendorVersion: long,
    mappingRevision: int,
    /** When the fetch was sent, or when the push was received. */
    observedAt: instantMs,
    /** 32 hexadecimal digits over the content. */
    hash: text,
  }),
);

/**
 * A full, versioned picture of one order as it crosses the log: validated, stamped by ingest with tenant,
 * store, business dates and the rule by which it counts, so that the processor needs no look-up.
 */
export const OrderSnapshotV1 = named(
  "OrderSnapshotV1",
  z.object({
    tenantId: text,
    storeId: text,
    source: named("OrderSource", z.enum(orderSources)),
    accountId: text,
    locationId: text,
    orderId: text,
    relatedOrderId: text.nullable(),
    registerId: text.nullable(),
    receiptNumber: text.nullable(),
    staffKey: text.nullable(),
    version: OrderVersion,
    kind: named("OrderKind", z.enum(orderKinds)),
    status: named("OrderStatus", z.enum(orderStatuses)),
    openedAt: instantMs,
    closedAt: instantMs.nullable(),
    paidAt: instantMs.nullable(),
    voidedAt: instantMs.nullable(),
    voidBusinessDate: isoDate.nullable(),
    voidReason: text.nullable(),
    receivedAt: instantMs,
    businessDate: isoDate,
    businessDateFrom: named("BusinessDateOrigin", z.enum(businessDateOrigins)),
    timeZone: text,
    currency: text,
    channel: growing("OrderChannel", z.enum(orderChannels), "other"),
    channelRaw: text.nullable(),
    guests: int.nullable(),
    testMode: z.boolean(),
    taxMode: named("TaxMode", z.enum(taxModes)),
    lines: z.array(OrderLine),
    charges: z.array(OrderCharge),
    payments: z.array(OrderPayment),
    refunds: z.array(OrderRefund),
    totals: OrderTotals,
    /** The vendor's total minus the recomputed one, where they differ. */
    unreconciled: minor.nullable(),
    countedWhen: named("CountedWhen", z.enum(countedWhenRules)),
    /** Why this order is kept and not counted, such as a feed outside its authority dates. */
    withheld: text.nullable(),
    /** Tax given for the order as a whole, over that of its lines and charges. */
    orderTax: minor.nullable(),
    /** How the feed's numbers repeat, as ingest knew it; null in records of releases that did not say. */
    numbering: named("Numbering", z.enum(numberings)).nullable(),
    /** What joins the order's name beside source, account and order id; see `orderKeyText`. */
    numberSpace: text.nullable(),
    /** 32 hexadecimal digits: the key under which the order was known before, which it leaves. */
    formerKey: text.nullable(),
    /** What was decided of a picture that did not fit the order known under its name. */
    nameDecision: named("NameDecision", z.enum(nameDecisions)).nullable(),
    /** Revision of the tenant's and store's settings that ingest stamped it with. */
    settingsRevision: int,
  }),
);

export type OrderSnapshot = z.output<typeof OrderSnapshotV1>;
export type OrderLine = z.output<typeof OrderLine>;
export type OrderCharge = z.output<typeof OrderCharge>;
export type OrderVersion = z.output<typeof OrderVersion>;

/** What a record in the frozen shape may lack without a sum that changes. */
const harmlessLosses = {
  numbering: (value: unknown) => value === "unknown" || value === "unique",
  // What a line that is no sale takes and gives back, its `revenue` says as well, but not of which kind it was.
  "lines.kind": (value: unknown) => value === "item" || value === "other",
};

/** Avro codec of an order snapshot. */
export const orderSnapshotCodec: AvroCodec<OrderSnapshot> = makeAvroCodec(OrderSnapshotV1, {
  frozen: "order-snapshot-v1",
  harmless: harmlessLosses,
});
