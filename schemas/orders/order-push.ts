import { z } from "zod";
import { shown } from "../input/plain-reason.ts";
import { isMinorInRange } from "../money/limits.ts";
import {
  chargeKinds,
  lineKinds,
  orderChannels,
  orderKinds,
  orderSources,
  orderStatuses,
  paymentStatuses,
  refundStatuses,
  taxModes,
} from "./order-words.ts";

/** Longest identifiers and names taken from outside. */
export const ID_MAX_LENGTH = 200;
export const NAME_MAX_LENGTH = 300;
/** Most parts of one order, so that one body stays bounded. */
export const LINES_MAX_COUNT = 2_000;
export const PARTS_MAX_COUNT = 500;
/** Most orders in one push. */
export const PUSH_MAX_COUNT = 500;

/** Text from outside in one normal form (NFC), so that a letter and its accent are one name however written. */
const text = z.string().normalize("NFC");
const name = text.max(NAME_MAX_LENGTH);

/** An identifier from outside, in one normal form. */
export const IdText: z.ZodString = text.min(1).max(ID_MAX_LENGTH);
const id = IdText;

/** An amount as whole minor units, such as `"1250"` for 12.50 EUR; integers are taken as well. */
export const MinorText = z
  .union([z.string(), z.number()], { error: "must be a whole number of minor units as a string" })
  .transform((value, context) => {
    const written = String(value);
    if (/^-?\d{1,16}$/.test(written)) {
      const amount = BigInt(written);
      if (isMinorInRange(amount)) return amount;
    }
    context.addIssue({
      code: "custom",
      message: `must be a whole number of minor units, such as "1250" for 12.50; got ${shown(value)}`,
    });
    return z.NEVER;
  });

const positive = MinorText.refine((amount) => amount >= 0n, { error: "must not be negative" });

/** An instant with its offset, such as `2026-11-21T19:30:00Z`. */
export const InstantText = z.iso
  .datetime({
    offset: true,
    error: "must be an instant with its offset, such as 2026-11-21T19:30:00Z",
  })
  .transform((value) => Date.parse(value));

const dateText = z.iso.date({ error: "must be a date, such as 2026-11-21" });

/** Units sold as decimal text or a number with at most six decimals; kept in millionths. */
export const QuantityText = z
  .union([z.string(), z.number()], { error: "must be a decimal number" })
  .transform((value, context) => {
    const parts = /^(-?)(\d{1,9})(?:\.(\d{1,6}))?$/.exec(String(value));
    if (parts === null) {
      context.addIssue({
        code: "custom",
        message: `must be a decimal number with at most six decimals; got ${shown(value)}`,
      });
      return z.NEVER;
    }
    const micro = BigInt(`${parts[2]}${(parts[3] ?? "").padEnd(6, "0")}`);
    return parts[1] === "-" ? -micro : micro;
  });

/** The vendor's counter as digits, or its modified time as an instant. Becomes one sortable number. */
export const VendorVersionText = z
  .union([z.string(), z.number()], { error: "must be a counter or an instant" })
  .transform((value, context) => {
    const written = String(value);
    if (/^\d{1,15}$/.test(written)) return { kind: "counter" as const, value: Number(written) };
    const instant = InstantText.safeParse(value);
    if (instant.success) return { kind: "modifiedAt" as const, value: instant.data };
    context.addIssue({
      code: "custom",
      message: `must be a counter such as "7", or the modified time such as 2026-11-21T19:30:00Z; got ${shown(value)}`,
    });
    return z.NEVER;
  });

/** Amounts of a line that may be below zero: those of a deposit given back. */
const depositAmounts = ["gross", "net", "tax"] as const;

const LinePush = z
  .strictObject({
    key: id,
    parentKey: id.nullish(),
    itemId: id.nullish(),
    name: name.min(1),
    category: name.nullish(),
    qty: QuantityText.default(1_000_000n),
    /** Negative for a deposit given back. */
    gross: MinorText,
    discount: positive.default(0n),
    /** Checked where given: gross - discount, without tax. */
    net: MinorText.optional(),
    tax: MinorText.default(0n),
    revenue: z.boolean().optional(),
    voidedAt: InstantText.nullish(),
    voidBusinessDate: dateText.nullish(),
    checkId: id.nullish(),
    /** What the line sells; gift cards, deposits and donations are no revenue unless `revenue` says so. */
    kind: z.enum(lineKinds).optional(),
  })
  .superRefine((line, context) => {
    if (line.kind === "deposit" && line.gross < 0n && line.discount === 0n) return;
    for (const name of depositAmounts) {
      if ((line[name] ?? 0n) >= 0n) continue;
      const message = "must not be negative; only a deposit given back is, without a discount";
      context.addIssue({ code: "custom", path: [name], message });
    }
  });

const ChargePush = z
  .strictObject({
    key: id,
    kind: z.enum(chargeKinds),
    net: MinorText,
    tax: positive.default(0n),
    lineKey: id.nullish(),
  })
  .refine((charge) => charge.net >= 0n || charge.kind === "rounding", {
    path: ["net"],
    error: "must not be negative; only rounding may be",
  });

const PaymentPush = z.strictObject({
  key: id,
  method: name.min(1),
  /** Negative for change given back. */
  amount: MinorText,
  tip: positive.default(0n),
  status: z.enum(paymentStatuses).default("done"),
  /** Default: when the order was paid, else closed, else opened. */
  at: InstantText.optional(),
  businessDate: dateText.optional(),
});

const RefundPush = z.strictObject({
  key: id,
  paymentKey: id.nullish(),
  lineKey: id.nullish(),
  net: positive.optional(),
  tax: positive.optional(),
  amount: positive,
  tip: positive.default(0n),
  at: InstantText,
  businessDate: dateText.optional(),
  status: z.enum(refundStatuses).default("done"),
  /** The kind of charge that is given back, such as a gratuity. */
  chargeKind: z.enum(chargeKinds).nullish(),
});

const TotalsPush = z.strictObject({
  gross: MinorText.optional(),
  discount: positive.optional(),
  net: MinorText.optional(),
  charges: positive.optional(),
  gratuity: positive.optional(),
  tax: MinorText.optional(),
  tip: positive.optional(),
  rounding: MinorText.optional(),
  total: MinorText.optional(),
});

/**
 * What an integrator sends: the whole order as it stands now. Sending it again, or an older picture of
 * it, changes nothing; `version.vendorVersion` decides which picture is newer. The location is named by
 * `storeId`, or by `locationId` (a store's id, or a location mapped to a store).
 */
export const OrderPushV1 = z.strictObject({
  source: z.enum(orderSources).default("push"),
  accountId: id.default("default"),
  locationId: id.optional(),
  storeId: z.uuid({ error: "must be a store's id" }).optional(),
  orderId: id,
  relatedOrderId: id.nullish(),
  registerId: id.nullish(),
  receiptNumber: id.nullish(),
  staffKey: id.nullish(),
  version: z.strictObject({ vendorVersion: VendorVersionText }),
  kind: z.enum(orderKinds).default("sale"),
  status: z.enum(orderStatuses),
  openedAt: InstantText,
  closedAt: InstantText.nullish(),
  paidAt: InstantText.nullish(),
  voidedAt: InstantText.nullish(),
  voidBusinessDate: dateText.nullish(),
  voidReason: name.nullish(),
  businessDate: dateText.optional(),
  businessDateFrom: z.enum(["vendor", "derived"]).optional(),
  timeZone: z.string().max(64).optional(),
  currency: z.string().length(3, { error: "must be a three-letter ISO 4217 code" }),
  channel: z.enum(orderChannels).default("other"),
  channelRaw: name.nullish(),
  guests: z.int().min(0).max(10_000).nullish(),
  testMode: z.boolean().default(false),
  taxMode: z.enum(taxModes).default("exclusive"),
  lines: z.array(LinePush).max(LINES_MAX_COUNT).default([]),
  charges: z.array(ChargePush).max(PARTS_MAX_COUNT).default([]),
  payments: z.array(PaymentPush).max(PARTS_MAX_COUNT).default([]),
  refunds: z.array(RefundPush).max(PARTS_MAX_COUNT).default([]),
  /** Tax of the order as a whole, over that of its lines and charges. */
  tax: positive.optional(),
  totals: TotalsPush.optional(),
});

export type OrderPushInput = z.input<typeof OrderPushV1>;
export type OrderPush = z.output<typeof OrderPushV1>;

/** The answer for one pushed order, in the order they were sent. */
export const OrderPushAnswer = z.object({
  index: z.int(),
  orderId: z.string().nullable(),
  result: z.enum(["accepted", "duplicate", "parked", "rejected"]),
  storeId: z.string().nullable(),
  /** Where to ask whether it was counted. */
  statusUrl: z.string().nullable(),
  /** Where `result` is not `accepted`: the field at fault (a path such as `lines[0].gross`) and why. */
  field: z.string().nullable(),
  reason: z.string().nullable(),
  /** Further faults of a rejected order. */
  faults: z.array(z.object({ field: z.string(), reason: z.string() })),
});
export type OrderPushAnswer = z.output<typeof OrderPushAnswer>;

export const OrderPushResponse = z.object({
  accepted: z.int(),
  duplicates: z.int(),
  parked: z.int(),
  rejected: z.int(),
  orders: z.array(OrderPushAnswer),
});
export type OrderPushResponse = z.output<typeof OrderPushResponse>;
