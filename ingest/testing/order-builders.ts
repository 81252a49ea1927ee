import type { OrderPushInput } from "@tillcast/schemas";
import type { OrderContext } from "../orders/order-context.ts";

/** A Friday noon in Berlin. */
export const NOON_MS: number = Date.UTC(2026, 10, 20, 11, 0, 0);

/** One closed and paid bill of 12.50 EUR; a test names only what matters to it. */
export function anOrder(change: Partial<OrderPushInput> = {}): OrderPushInput {
  return {
    orderId: "order-1",
    version: { vendorVersion: 1 },
    status: "closed",
    openedAt: "2026-11-20T10:15:00Z",
    closedAt: "2026-11-20T10:55:00Z",
    paidAt: "2026-11-20T10:50:00Z",
    currency: "EUR",
    channel: "dine_in",
    lines: [{ key: "1", name: "Soup", gross: "1250", tax: "200" }],
    payments: [{ key: "p1", method: "card", amount: "1450", tip: "100" }],
    ...change,
  };
}

/** A store in Berlin whose business date turns at 04:00. */
export function aContext(change: Partial<OrderContext> = {}): OrderContext {
  return {
    tenantId: "11111111-1111-4111-8111-111111111111",
    storeId: "22222222-2222-4222-8222-222222222222",
    locationId: "main",
    timeZone: "Europe/Berlin",
    zones: [],
    currency: "EUR",
    closeouts: [{ effectiveFrom: "2020-01-01", closeoutMinute: 240 }],
    countedWhen: "paid",
    settingsRevision: 2,
    mappingRevision: 1,
    authorityFrom: null,
    authorityTo: null,
    numbering: "unknown",
    isOnlyLocation: true,
    roundingBy: "line",
    toleranceMinor: 0n,
    feedCurrency: null,
    receivedAt: NOON_MS,
    ...change,
  };
}
