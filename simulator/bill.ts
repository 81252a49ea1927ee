import type { ChargeKind, OrderPushInput } from "@tillcast/schemas";
import type { TaxedAmount } from "./bill-money.ts";
import type { ChannelProfile, MenuItem, StoreProfile } from "./store-profile.ts";

/** One order in the simulated till. Instants are UTC milliseconds. */
export interface Bill {
  readonly profile: StoreProfile;
  readonly accountId: string;
  readonly orderId: string;
  readonly receiptNumber: string;
  readonly registerId: string;
  readonly staffKey: string;
  readonly openedMs: number;
  readonly guests: number | null;
  readonly testMode: boolean;
  /** Discount on every line, in percent. */
  discountPercent: number;
  channel: ChannelProfile;
  status: "open" | "closed" | "voided";
  closedMs: number | null;
  paidMs: number | null;
  voidedMs: number | null;
  voidReason: string | null;
  lines: BillLine[];
  charges: BillCharge[];
  payments: BillPayment[];
  refunds: BillRefund[];
}

export interface BillLine extends TaxedAmount {
  readonly key: string;
  readonly item: MenuItem;
  readonly quantityMicro: bigint;
  readonly gross: bigint;
  readonly discount: bigint;
  readonly voidedMs: number | null;
}

export interface BillCharge extends TaxedAmount {
  readonly kind: ChargeKind;
}

export interface BillPayment {
  readonly method: string;
  readonly amount: bigint;
  readonly tip: bigint;
  readonly status: "done" | "voided";
  readonly atMs: number;
}

export interface BillRefund {
  readonly lineKey: string | null;
  /** Absent if the till refunds an amount without its tax part. */
  readonly parts: TaxedAmount | null;
  readonly amount: bigint;
  readonly atMs: number;
}

/** Lines that were not voided. */
export function standingLines(bill: Bill): BillLine[] {
  return bill.lines.filter((line) => line.voidedMs === null);
}

/** The amount due, with tax and charges and without tips. */
export function totalOf(bill: Bill): bigint {
  return [...standingLines(bill), ...bill.charges].reduce(
    (sum, part) => sum + part.net + part.tax,
    0n,
  );
}

/** The push of the bill at this moment. */
export function pictureOf(bill: Bill, vendorVersion: number): OrderPushInput {
  // Tills differ in whether totals include voided lines, so totals are sent only without voided lines.
  const isPlain = bill.status === "closed" && bill.lines.every((line) => line.voidedMs === null);
  return {
    source: "simulator",
    accountId: bill.accountId,
    locationId: bill.profile.key,
    orderId: bill.orderId,
    registerId: bill.registerId,
    receiptNumber: bill.receiptNumber,
    staffKey: bill.staffKey,
    version: { vendorVersion },
    status: bill.status,
    openedAt: instantText(bill.openedMs),
    closedAt: maybeInstant(bill.closedMs),
    paidAt: maybeInstant(bill.paidMs),
    voidedAt: maybeInstant(bill.voidedMs),
    voidReason: bill.voidReason,
    currency: bill.profile.currency,
    channel: bill.channel.channel,
    channelRaw: bill.channel.raw,
    guests: bill.guests,
    testMode: bill.testMode,
    taxMode: bill.profile.taxMode,
    lines: bill.lines.map(linePicture),
    charges: bill.charges.map(({ kind, net, tax }, at) => ({
      key: `c${at + 1}`,
      kind,
      net: String(net),
      tax: String(tax),
    })),
    payments: bill.payments.map((payment, at) => ({
      key: `p${at + 1}`,
      method: payment.method,
      amount: String(payment.amount),
      tip: String(payment.tip),
      status: payment.status,
      at: instantText(payment.atMs),
    })),
    refunds: bill.refunds.map(refundPicture),
    ...(isPlain ? { totals: { total: String(totalOf(bill)), tip: String(tipOf(bill)) } } : {}),
  };
}

function linePicture(line: BillLine): NonNullable<OrderPushInput["lines"]>[number] {
  return {
    key: line.key,
    itemId: line.item.id,
    name: line.item.name,
    category: line.item.category,
    qty: decimalText(line.quantityMicro),
    gross: String(line.gross),
    discount: String(line.discount),
    net: String(line.net),
    tax: String(line.tax),
    ...(line.voidedMs === null ? {} : { voidedAt: instantText(line.voidedMs) }),
  };
}

function refundPicture(
  refund: BillRefund,
  at: number,
): NonNullable<OrderPushInput["refunds"]>[number] {
  return {
    key: `r${at + 1}`,
    lineKey: refund.lineKey,
    amount: String(refund.amount),
    at: instantText(refund.atMs),
    ...(refund.parts === null
      ? {}
      : { net: String(refund.parts.net), tax: String(refund.parts.tax) }),
  };
}

function tipOf(bill: Bill): bigint {
  return bill.payments.reduce((sum, payment) => sum + payment.tip, 0n);
}

function instantText(instantMs: number): string {
  return new Date(instantMs).toISOString();
}

function maybeInstant(instantMs: number | null): string | null {
  return instantMs === null ? null : instantText(instantMs);
}

/** Millionths as decimal text: 2_000_000 is "2", 350_000 is "0.35". */
function decimalText(micro: bigint): string {
  const whole = micro / 1_000_000n;
  const rest = micro % 1_000_000n;
  return rest === 0n
    ? String(whole)
    : `${whole}.${String(rest).padStart(6, "0").replace(/0+$/, "")}`;
}
