import { expect, it } from "vitest";
import { contentHashOf } from "./content-hash.ts";
import type { OrderSnapshot } from "./order-snapshot.ts";

/** A bill as a release before this one stamped it, with a part of every kind. */
const bill = {
  tenantId: "11111111-1111-4111-8111-111111111111",
  storeId: "22222222-2222-4222-8222-222222222222",
  source: "push",
  accountId: "till",
  locationId: "main",
  orderId: "order-1",
  relatedOrderId: null,
  registerId: "3",
  receiptNumber: "R-17",
  staffKey: null,
  version: { vendorVersion: 7, mappingRevision: 1, observedAt: 1_795_258_800_000, hash: "" },
  kind: "sale",
  status: "closed",
  openedAt: 1_795_256_100_000,
  closedAt: 1_795_258_500_000,
  paidAt: 1_795_258_200_000,
  voidedAt: null,
  voidBusinessDate: null,
  voidReason: null,
  receivedAt: 1_795_258_800_000,
  businessDate: "2026-11-21",
  businessDateFrom: "derived",
  timeZone: "Europe/Berlin",
  currency: "EUR",
  channel: "takeout",
  channelRaw: "TO GO",
  guests: 2,
  testMode: false,
  taxMode: "exclusive",
  lines: [
    {
      ...{ key: "1", parentKey: null, itemId: "sku-9", name: "Süppchen", category: "Starters" },
      ...{ quantityMicro: 2_000_000n, gross: 1_250n, discount: 250n, net: 1_000n, tax: 190n },
      ...{ revenue: true, voidedAt: null, voidBusinessDate: null, checkId: null, kind: null },
    },
  ],
  charges: [{ key: "s", kind: "service", net: 100n, tax: 19n, lineKey: null }],
  payments: [
    {
      ...{ key: "p", method: "card", amount: 1_309n, tip: 100n, status: "done" },
      ...{ at: 1_795_258_200_000, businessDate: "2026-11-21" },
    },
  ],
  refunds: [
    {
      ...{ key: "r", paymentKey: "p", lineKey: "1", net: 500n, tax: 95n, amount: 595n, tip: 0n },
      ...{ at: 1_795_258_700_000, businessDate: "2026-11-21", status: "done", chargeKind: null },
    },
  ],
  totals: {
    ...{ gross: 1_250n, discount: 250n, net: 1_000n, charges: 100n, gratuity: 0n, tax: 209n },
    ...{ tip: 100n, rounding: 0n, total: 1_309n },
  },
  unreconciled: null,
  countedWhen: "paid",
  withheld: null,
  orderTax: null,
  numbering: null,
  numberSpace: null,
  formerKey: null,
  nameDecision: null,
  settingsRevision: 2,
} satisfies OrderSnapshot;

/** What the code at 38c02ff computes of the same bill. */
const hashBefore = "9ef761cbc350547d49dac83e2235da73";

it("is that of the release before for a bill that it could have stamped", () => {
  expect(contentHashOf(bill)).toBe(hashBefore);
});

it("does not depend on when the bill was received, nor on what is known of the feed's numbers", () => {
  const later = { ...bill, receivedAt: bill.receivedAt + 5, numbering: "unknown" as const };
  expect(contentHashOf(later)).toBe(hashBefore);
  expect(contentHashOf({ ...bill, numbering: "unique" })).toBe(hashBefore);
  expect(contentHashOf({ ...bill, numberSpace: "location:main" })).toBe(hashBefore);
});

it("tells bills apart by each field and word that is new", () => {
  const [line, refund] = [bill.lines[0], bill.refunds[0]];
  const [charge] = bill.charges;
  const said: OrderSnapshot[] = [
    { ...bill, source: "loyverse" },
    { ...bill, source: "shopify" },
    { ...bill, orderTax: 5n },
    { ...bill, orderTax: 6n },
    { ...bill, numbering: "per_day" },
    { ...bill, numberSpace: "location:main/register:3" },
    { ...bill, lines: line ? [{ ...line, kind: "item" }] : [] },
    { ...bill, lines: line ? [{ ...line, kind: "gift_card" }] : [] },
    { ...bill, charges: charge ? [{ ...charge, lineKey: "1" }] : [] },
    { ...bill, refunds: refund ? [{ ...refund, chargeKind: "service" }] : [] },
  ];
  const hashes = said.map(contentHashOf);
  expect(new Set([hashBefore, ...hashes]).size).toBe(said.length + 1);
});
