import { type OrderPushInput, OrderPushV1, orderSnapshotCodec } from "@tillcast/schemas";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { aContext, anOrder, NOON_MS } from "../testing/order-builders.ts";
import { normaliseOrder } from "./normalise-order.ts";
import type { OrderContext } from "./order-context.ts";
import { parseOrder } from "./parse-order.ts";

function take(order: OrderPushInput, context: Partial<OrderContext> = {}) {
  const normalised = normaliseOrder(OrderPushV1.parse(order), aContext(context));
  if ("faults" in normalised) throw new Error(JSON.stringify(normalised.faults));
  return normalised.snapshot;
}

function faultsOf(order: unknown, context: Partial<OrderContext> = {}) {
  const parsed = parseOrder(order);
  if ("faults" in parsed) return parsed.faults;
  const normalised = normaliseOrder(parsed.order, aContext(context));
  return "faults" in normalised ? normalised.faults : [];
}

const fieldsOf = (order: unknown, context: Partial<OrderContext> = {}) =>
  faultsOf(order, context).map((fault) => fault.field);

describe("amounts", () => {
  test("missing net and totals are computed, with tax on top", () => {
    const snapshot = take(
      anOrder({
        lines: [
          { key: "1", name: "Soup", gross: "1250", discount: "250", tax: "190" },
          { key: "2", name: "Tea", gross: 300, tax: 57 },
        ],
        charges: [
          { key: "s", kind: "service", net: "100", tax: "19" },
          { key: "g", kind: "gratuity", net: "50" },
          { key: "r", kind: "rounding", net: "-1" },
        ],
      }),
    );
    expect(snapshot.lines.map((line) => line.net)).toEqual([1000n, 300n]);
    expect(snapshot.totals).toEqual({
      gross: 1550n,
      discount: 250n,
      net: 1300n,
      charges: 100n,
      gratuity: 50n,
      tax: 266n,
      tip: 100n,
      rounding: -1n,
      total: 1715n,
    });
  });

  test("tax inside the price is taken out of net", () => {
    const lines = [{ key: "1", name: "Soup", gross: "1190", tax: "190" }];
    expect(take(anOrder({ taxMode: "inclusive", lines })).lines[0]?.net).toBe(1000n);
  });

  test("a given net that does not fit is named with what it must be", () => {
    const lines = [{ key: "1", name: "Soup", gross: "1250", discount: "50", net: "1250" }];
    expect(faultsOf(anOrder({ lines }))).toEqual([
      {
        field: "lines[0].net",
        reason: 'must be gross - discount = 1200 with taxMode "exclusive"; got 1250',
      },
    ]);
  });

  test("a discount above the price is a fault", () => {
    const lines = [{ key: "1", name: "Soup", gross: "100", discount: "101" }];
    expect(fieldsOf(anOrder({ lines }))).toEqual(["lines[0].discount"]);
  });

  test("mixed tax needs a net wherever there is tax", () => {
    const lines = [
      { key: "1", name: "Soup", gross: "1190", tax: "190", net: "1000" },
      { key: "2", name: "Tea", gross: "300", tax: "57" },
      { key: "3", name: "Card", gross: "500" },
    ];
    expect(fieldsOf(anOrder({ taxMode: "mixed", lines }))).toEqual(["lines[1].net"]);
  });

  test("given totals are checked one by one, and the total may hold the tip", () => {
    const totals = { gross: "1250", net: "1250", tax: "200", tip: "100" };
    expect(fieldsOf(anOrder({ totals: { ...totals, total: "1450" } }))).toEqual([]);
    expect(fieldsOf(anOrder({ totals: { ...totals, total: "1550" } }))).toEqual([]);
    expect(faultsOf(anOrder({ totals: { net: "1249", total: "1449" } }))).toEqual([
      { field: "totals.net", reason: "must be 1250, the sum of the order's parts; got 1249" },
      { field: "totals.total", reason: "must be 1450, the sum of the order's parts; got 1449" },
    ]);
  });

  test("totals with or without voided lines and gift cards are taken", () => {
    const lines = [
      { key: "1", name: "Soup", gross: "1000" },
      { key: "2", name: "Tea", gross: "300", voidedAt: "2026-11-20T10:20:00Z" },
      { key: "3", name: "Gift card", gross: "2000", revenue: false },
    ];
    const payments = [{ key: "p", method: "card", amount: "3000" }];
    for (const net of ["3000", "3300", "1000", "1300"]) {
      expect(fieldsOf(anOrder({ lines, payments, totals: { net } }))).toEqual([]);
    }
    expect(fieldsOf(anOrder({ lines, payments, totals: { net: "300" } }))).toEqual(["totals.net"]);
  });

  test("a negative quantity belongs to an exchange, where it lowers the total", () => {
    const lines = [
      { key: "1", name: "Coat", qty: -1, gross: "9000" },
      { key: "2", name: "Hat", gross: "2000" },
    ];
    expect(fieldsOf(anOrder({ lines }))).toEqual(["lines[0].qty"]);
    expect(take(anOrder({ kind: "exchange", lines })).totals.net).toBe(-7000n);
  });

  test("a refund gives back no more than its amount", () => {
    const refunds = [
      { key: "r", net: "1000", tax: "190", amount: "1000", at: "2026-11-20T10:55:00Z" },
    ];
    expect(fieldsOf(anOrder({ refunds }))).toEqual(["refunds[0].amount"]);
  });

  test("sums beyond 2^52 - 1 are refused", () => {
    const gross = "4503599627370495";
    const lines = [
      { key: "1", name: "A", gross },
      { key: "2", name: "B", gross: "1" },
    ];
    expect(fieldsOf(anOrder({ lines }))).toEqual(["totals.gross", "totals.total"]);
  });
});

describe("what cannot be is named", () => {
  test.each([
    [
      "fractional minor units",
      { lines: [{ key: "1", name: "A", gross: "12.5" }] },
      "lines[0].gross",
    ],
    [
      "a number that lost digits",
      { lines: [{ key: "1", name: "A", gross: 2 ** 53 }] },
      "lines[0].gross",
    ],
    [
      "a number with a fraction",
      { lines: [{ key: "1", name: "A", gross: 1.5 }] },
      "lines[0].gross",
    ],
    ["an unknown currency", { currency: "EUX" }, "currency"],
    ["a currency in lower case", { currency: "eur" }, "currency"],
    ["the year 2999", { openedAt: "2999-01-01T00:00:00Z" }, "openedAt"],
    ["the year 1999", { openedAt: "1999-12-31T23:59:59Z" }, "openedAt"],
    ["a business date in the year 2999", { businessDate: "2999-01-01" }, "businessDate"],
    ["an instant without offset", { openedAt: "2026-11-20T10:15:00" }, "openedAt"],
    ["paid two days before it was opened", { paidAt: "2026-11-18T10:00:00Z" }, "paidAt"],
    [
      "a version of the day after tomorrow",
      { version: { vendorVersion: "2026-11-22T11:00:00Z" } },
      "version.vendorVersion",
    ],
    ["an unknown zone", { timeZone: "Mars/Olympus" }, "timeZone"],
    ["an unknown field", { colour: "red" }, "colour"],
    [
      "an unknown field of a line",
      { lines: [{ key: "1", name: "A", gross: 1, size: 2 }] },
      "lines[0].size",
    ],
    ["a wrong type", { testMode: "yes" }, "testMode"],
    ["an unknown status", { status: "done" }, "status"],
    [
      "a key twice",
      {
        payments: [
          { key: "p", method: "cash", amount: 1 },
          { key: "p", method: "card", amount: 1 },
        ],
      },
      "payments[1].key",
    ],
    ["a void of an order that is not voided", { voidedAt: "2026-11-20T10:58:00Z" }, "voidedAt"],
    ["a NUL in a name", { lines: [{ key: "1", name: "A\0", gross: 1 }] }, "lines[0].name"],
    ["half a surrogate pair", { orderId: "\ud800" }, "orderId"],
  ])("%s", (_, change, field) => {
    expect(fieldsOf({ ...anOrder(), ...change })).toContain(field);
  });

  test("all faults of an order are listed, and what is no order at all is one fault", () => {
    expect(
      fieldsOf({
        ...anOrder(),
        currency: "XXX",
        timeZone: "Nowhere",
        openedAt: "2999-01-01T00:00:00Z",
      }),
    ).toEqual(["currency", "timeZone", "openedAt", "closedAt", "paidAt"]);
    for (const value of [null, 7, "order", []]) expect(fieldsOf(value)).toEqual(["order"]);
  });

  test("a modified time of tomorrow is taken, since vendors' clocks differ", () => {
    expect(fieldsOf(anOrder({ version: { vendorVersion: "2026-11-21T10:59:00Z" } }))).toEqual([]);
  });

  test("a missing field is called missing", () => {
    const { currency: _, ...order } = anOrder();
    expect(faultsOf(order)).toEqual([{ field: "currency", reason: "is missing" }]);
  });
});

describe("business dates", () => {
  test("a sale counts on the date of its payment, before the closeout on the day before", () => {
    const order = anOrder({
      openedAt: "2026-11-20T00:30:00Z",
      closedAt: "2026-11-20T02:59:00Z",
      paidAt: "2026-11-20T02:59:00Z",
    });
    expect(take(order)).toMatchObject({ businessDate: "2026-11-19", businessDateFrom: "derived" });
    const later = { ...order, paidAt: "2026-11-20T03:00:00Z" };
    expect(take(later).businessDate).toBe("2026-11-20");
    expect(take(later, { countedWhen: "ordered" }).businessDate).toBe("2026-11-19");
  });

  test("an open order has the date it was opened at", () => {
    const order = anOrder({ status: "open", openedAt: "2026-11-20T02:00:00Z", payments: [] });
    const { paidAt: _, closedAt: __, ...open } = order;
    expect(take(open).businessDate).toBe("2026-11-19");
  });

  test("the vendor's date holds, and parts of the same trading day share it", () => {
    const snapshot = take(
      anOrder({
        businessDate: "2026-11-19",
        refunds: [
          { key: "r1", amount: "100", at: "2026-11-20T12:00:00Z" },
          { key: "r2", amount: "100", at: "2026-11-23T12:00:00Z" },
        ],
      }),
    );
    expect(snapshot).toMatchObject({ businessDate: "2026-11-19", businessDateFrom: "vendor" });
    expect(snapshot.payments[0]?.businessDate).toBe("2026-11-19");
    expect(snapshot.refunds.map((refund) => refund.businessDate)).toEqual([
      "2026-11-19",
      "2026-11-23",
    ]);
  });

  test("a payment without an instant was made when the order was paid", () => {
    expect(take(anOrder()).payments[0]?.at).toBe(Date.UTC(2026, 10, 20, 10, 50));
  });

  test("a voided order that does not say when is voided where it counted", () => {
    const snapshot = take(anOrder({ status: "voided" }));
    expect(snapshot.voidedAt).toBe(snapshot.paidAt);
    expect(snapshot.voidBusinessDate).toBe(snapshot.businessDate);
  });

  test("an order outside its feed's authority is kept and withheld", () => {
    expect(take(anOrder(), { authorityFrom: "2026-11-20" }).withheld).toBeNull();
    expect(take(anOrder(), { authorityFrom: "2026-11-21" }).withheld).toMatch(/authority/);
    expect(take(anOrder(), { authorityTo: "2026-11-19" }).withheld).toMatch(/authority/);
  });
});

describe("the content's hash", () => {
  test("the same order received later has the same hash, and any other content another", () => {
    const first = take(anOrder());
    const again = take(anOrder(), { receivedAt: NOON_MS + 5_000 });
    expect(again.version).toEqual({ ...first.version, observedAt: NOON_MS + 5_000 });
    expect(first.version.hash).toMatch(/^[0-9a-f]{32}$/);
    expect(take(anOrder({ guests: 2 })).version.hash).not.toBe(first.version.hash);
    expect(take(anOrder(), { mappingRevision: 2 }).version.hash).not.toBe(first.version.hash);
  });

  test("any order that is taken survives the log byte for byte, and its totals are the sums of its lines", () => {
    const amount = fc.integer({ min: 0, max: 1_000_000 });
    const line = fc.record({ gross: amount, share: fc.integer({ min: 0, max: 100 }), tax: amount });
    fc.assert(
      fc.property(fc.array(line, { maxLength: 12 }), fc.boolean(), (lines, isReturn) => {
        const pushed = lines.map(({ gross, share, tax }, at) => ({
          key: `${at}`,
          name: `Item ${at}`,
          gross,
          discount: Math.floor((gross * share) / 100),
          tax,
        }));
        const snapshot = take(anOrder({ kind: isReturn ? "return" : "sale", lines: pushed }));
        const sum = (pick: (one: (typeof pushed)[number]) => number) =>
          BigInt(pushed.reduce((total, one) => total + pick(one), 0));
        expect(snapshot.totals.net).toBe(sum((one) => one.gross - one.discount));
        expect(snapshot.totals.total).toBe(sum((one) => one.gross - one.discount + one.tax));
        expect(orderSnapshotCodec.decode(orderSnapshotCodec.encode(snapshot))).toEqual(snapshot);
      }),
    );
  });
});
