import type { EntryRow } from "@tillcast/schemas/browser";
import fc from "fast-check";
import { expect, test } from "vitest";
import { billRows, billSum } from "./bill-rows.ts";

function entry(changes: Partial<EntryRow> & { readonly orderId?: string } = {}): EntryRow {
  const { orderId = "5", ...rest } = changes;
  const none = {
    includedTax: "0",
    charges: "0",
    otherCharges: "0",
    rounding: "0",
    unreconciled: "0",
  };
  const zero = { ...none, discount: "0", refund: "0", void: "0", tax: "0", tip: "0" };
  const order = {
    source: "push",
    accountId: "a",
    orderId,
    kind: "sale",
    status: "closed",
    receiptNumber: "0005",
    lines: [],
    charges: [],
    tax: null,
  };
  const when = { countedAt: "2026-11-21T12:00:00.000Z", recordedAt: "2026-11-21T12:00:01.000Z" };
  const place = { businessDate: "2026-11-21", channel: "dine_in", currency: "EUR", orders: 1 };
  const made = {
    entryId: "e",
    kind: "sale",
    net: "1000",
    gross: "1000",
    ...zero,
    ...when,
    ...place,
    order,
  };
  return { ...made, ...rest } as EntryRow;
}
const later = (changes: Partial<EntryRow>) =>
  entry({ recordedAt: "2026-11-21T12:30:00.000Z", kind: "correction", orders: 0, ...changes });

test("a bill's parts add up to its net, with the charge that the lines do not show", () => {
  // What was seen: net 17.94 over one line of 13.95, and nothing that says what the 3.99 are.
  const bill = entry({ net: "1794", gross: "1395", charges: "399", tax: "159", tip: "293" });
  expect(billSum([bill])).toMatchObject({
    lines: 1_395n,
    charges: 399n,
    net: 1_794n,
    tax: 159n,
    tip: 293n,
  });
});

test("whatever the entries hold, the parts of a bill add up to its net", () => {
  const amount = fc.bigInt({ min: -(10n ** 12n), max: 10n ** 12n });
  const any = fc
    .tuple(amount, amount, amount, amount, amount, amount)
    .map(([gross, discount, includedTax, charges, refund, voided]) => {
      const net = gross - discount - includedTax + charges - refund - voided;
      const parts = { net, gross, discount, includedTax, charges, refund, void: voided };
      return Object.fromEntries(Object.entries(parts).map(([name, part]) => [name, String(part)]));
    });
  fc.assert(
    fc.property(fc.array(any, { minLength: 1, maxLength: 9 }), (parts) => {
      const sum = billSum(parts.map((part) => entry(part as Partial<EntryRow>)));
      const { lines, discount, includedTax, charges, refund, void: voided, net } = sum;
      expect(lines - discount - includedTax + charges - refund - voided).toBe(net);
    }),
  );
});

test("the versions of one order are one row, which says what changed", () => {
  const moved = [
    entry({ net: "2250", channel: "takeout" }),
    later({ net: "-2250", channel: "takeout" }),
    later({ net: "2250", channel: "dine_in" }),
  ];
  const lowered = [
    entry({ orderId: "6", net: "2250" }),
    { ...later({ net: "-450" }), order: entry({ orderId: "6" }).order },
  ];
  const rows = billRows([...moved, ...lowered, entry({ orderId: "7" })]);
  expect(rows.map(({ sum, changes }) => [sum.net, changes])).toEqual([
    [2_250n, ["Corrected: Takeaway → Dine in"]],
    [1_800n, ["Corrected: €22.50 → €18.00"]],
    [1_000n, []],
  ]);
});

test("refunds and voids are named", () => {
  const refunded = billRows([entry(), later({ net: "-500", gross: "0", refund: "500" })]);
  expect(refunded[0]?.changes).toEqual(["Refund €5.00"]);
  const voided = billRows([entry(), later({ net: "-1000", gross: "0", void: "1000", orders: -1 })]);
  expect([voided[0]?.changes, voided[0]?.sum.net]).toEqual([["Void"], 0n]);
});
