import { expect, it } from "vitest";
import { contentHashOf } from "./content-hash.ts";
import type { OrderSnapshot } from "./order-snapshot.ts";

const snapshot: OrderSnapshot = {
  tenantId: "t",
  storeId: "s",
  source: "push",
  accountId: "a",
  locationId: "l",
  orderId: "1",
  relatedOrderId: null,
  registerId: null,
  receiptNumber: null,
  staffKey: null,
  version: { vendorVersion: 1, mappingRevision: 1, observedAt: 5, hash: "" },
  kind: "sale",
  status: "closed",
  openedAt: 1,
  closedAt: null,
  paidAt: null,
  voidedAt: null,
  voidBusinessDate: null,
  voidReason: null,
  receivedAt: 7,
  businessDate: "2026-11-21",
  businessDateFrom: "derived",
  timeZone: "UTC",
  currency: "EUR",
  channel: "other",
  channelRaw: null,
  guests: null,
  testMode: false,
  taxMode: "exclusive",
  lines: [],
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
};

it("a content's hash is of what the order says, and not of when it was received", () => {
  const later = { ...snapshot.version, observedAt: 9, hash: "x" };
  const hash = contentHashOf(snapshot);
  expect(contentHashOf({ ...snapshot, receivedAt: 8, version: later })).toBe(hash);
  expect(contentHashOf({ ...snapshot, receiptNumber: "1" })).not.toBe(hash);
});
