import { randomUUID } from "node:crypto";
import type { OrderPushInput } from "@tillcast/schemas";

/** A closed bill of 12.50 with 2.00 of tax, paid by card; a test names only what matters to it. */
export function aBill(storeId: string, change: Partial<OrderPushInput> = {}): OrderPushInput {
  const paidAt = change.paidAt ?? "2026-11-20T10:50:00Z";
  return {
    storeId,
    orderId: randomUUID(),
    version: { vendorVersion: 1 },
    status: "closed",
    openedAt: paidAt,
    closedAt: paidAt,
    paidAt,
    currency: "EUR",
    channel: "dine_in",
    lines: [{ key: "1", name: "Soup", gross: "1250", tax: "200" }],
    payments: [{ key: "p1", method: "card", amount: "1450", tip: "100" }],
    ...change,
  };
}
