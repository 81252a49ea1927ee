import type { OrderLine, OrderSnapshot } from "@tillcast/schemas";

export const tenantId = "01990000-0000-7000-8000-000000000001";
export const storeId = "01990000-0000-7000-8000-0000000000a1";

/** Noon in Berlin on a Saturday. */
export const noon: number = Date.parse("2026-11-21T11:00:00Z");
export const minute = 60_000;

/** A line with defaults; a test shows only what matters. */
export function line(changes: Partial<OrderLine> = {}): OrderLine {
  const net = changes.net ?? 1_000n;
  return {
    key: "l1",
    parentKey: null,
    itemId: null,
    name: "Margherita",
    category: null,
    quantityMicro: 1_000_000n,
    gross: net,
    discount: 0n,
    net,
    tax: 100n,
    revenue: true,
    voidedAt: null,
    voidBusinessDate: null,
    checkId: null,
    kind: null,
    ...changes,
  };
}

/** A closed, paid order of one line: net 10.00, tax 1.00, counted at noon. */
export function order(
  changes: Partial<OrderSnapshot> & { readonly vendorVersion?: number } = {},
): OrderSnapshot {
  const { vendorVersion = 1, ...rest } = changes;
  return {
    tenantId,
    storeId,
    source: "push",
    accountId: "default",
    locationId: "loc",
    orderId: "order-1",
    relatedOrderId: null,
    registerId: null,
    receiptNumber: null,
    staffKey: null,
    version: { vendorVersion, mappingRevision: 1, observedAt: noon, hash: `hash-${vendorVersion}` },
    kind: "sale",
    status: "closed",
    openedAt: noon - 40 * minute,
    closedAt: noon,
    paidAt: noon,
    voidedAt: null,
    voidBusinessDate: null,
    voidReason: null,
    receivedAt: noon + 1_000,
    businessDate: "2026-11-21",
    businessDateFrom: "derived",
    timeZone: "Europe/Berlin",
    currency: "EUR",
    channel: "dine_in",
    channelRaw: null,
    guests: 2,
    testMode: false,
    taxMode: "exclusive",
    lines: [line()],
    charges: [],
    payments: [],
    refunds: [],
    totals: {
      gross: 0n,
      discount: 0n,
      net: 0n,
      charges: 0n,
      gratuity: 0n,
      tax: 0n,
      tip: 0n,
      rounding: 0n,
      total: 0n,
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
    ...rest,
  };
}
