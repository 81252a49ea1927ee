import { describe, expect, it } from "vitest";
import type { z } from "zod";
import { MINOR_MAX } from "../money/limits.ts";
import {
  ID_MAX_LENGTH,
  InstantText,
  LINES_MAX_COUNT,
  MinorText,
  NAME_MAX_LENGTH,
  OrderPushV1,
  PARTS_MAX_COUNT,
  PUSH_MAX_COUNT,
  QuantityText,
  VendorVersionText,
} from "./order-push.ts";

/** What is read, or that it is refused. */
const read = <S extends z.ZodType>(schema: S, value: unknown) => {
  const result = schema.safeParse(value);
  return result.success ? result.data : "refused";
};

describe("an amount", () => {
  it.each([
    ["1250", 1250n],
    ["-1250", -1250n],
    [1250, 1250n],
    ["0", 0n],
    [String(MINOR_MAX), MINOR_MAX],
    [String(-MINOR_MAX), -MINOR_MAX],
  ])("%o is %o minor units", (written, amount) => {
    expect(read(MinorText, written)).toBe(amount);
  });

  it.each([
    "12.50",
    12.5,
    "",
    "1e3",
    "+1",
    " 1",
    "0x1f",
    String(MINOR_MAX + 1n),
    "9".repeat(17),
    null,
  ])("%o is refused", (written) => {
    expect(read(MinorText, written)).toBe("refused");
    expect(MinorText.safeParse(written).error?.issues).toHaveLength(1);
  });
});

describe("an instant", () => {
  it("is read with its offset, to the millisecond", () => {
    expect(read(InstantText, "2026-11-21T12:04:00.005+01:00")).toBe(
      Date.UTC(2026, 10, 21, 11, 4, 0, 5),
    );
    expect(read(InstantText, "2026-11-21T12:04:00")).toBe("refused");
  });
});

describe("a quantity", () => {
  it.each([
    ["1", 1_000_000n],
    ["-1", -1_000_000n],
    ["0.35", 350_000n],
    ["-0.000001", -1n],
    [1.5, 1_500_000n],
    ["999999999.999999", 999_999_999_999_999n],
  ])("%o is %o millionths", (written, micro) => {
    expect(read(QuantityText, written)).toBe(micro);
  });

  it.each(["1.0000001", "1234567890", "", "1.", ".5", "1e2", "one", null])(
    "%o is refused",
    (written) => {
      expect(read(QuantityText, written)).toBe("refused");
      expect(QuantityText.safeParse(written).error?.issues).toHaveLength(1);
    },
  );
});

describe("a vendor's version", () => {
  it.each([
    ["7", { kind: "counter", value: 7 }],
    [7, { kind: "counter", value: 7 }],
    ["9".repeat(15), { kind: "counter", value: 999_999_999_999_999 }],
    ["2026-11-21T12:31:00Z", { kind: "modifiedAt", value: Date.UTC(2026, 10, 21, 12, 31) }],
  ])("%o is %o", (written, version) => {
    expect(read(VendorVersionText, written)).toEqual(version);
  });

  it.each(["", "v7", "-1", "1.5", "9".repeat(16), "2026-11-21", null])(
    "%o is refused",
    (written) => {
      expect(read(VendorVersionText, written)).toBe("refused");
      expect(VendorVersionText.safeParse(written).error?.issues).toHaveLength(1);
    },
  );
});

const at = "2026-11-21T12:00:00Z";
const bill = {
  orderId: "1",
  version: { vendorVersion: "1" },
  status: "closed",
  openedAt: at,
  currency: "EUR",
};
const soup = { key: "1", name: "Soup", gross: "650" };
const line = (changes: object) => ({ lines: [{ ...soup, ...changes }] });
const charge = (changes: object) => ({
  charges: [{ key: "1", kind: "service", net: "0", ...changes }],
});
const payment = (changes: object) => ({
  payments: [{ key: "1", method: "card", amount: "1", ...changes }],
});
const refund = (changes: object) => ({ refunds: [{ key: "1", amount: "0", at, ...changes }] });
const many = (count: number, one: object) => Array.from({ length: count }, () => one);
const isTaken = (changes: object) => OrderPushV1.safeParse({ ...bill, ...changes }).success;

describe("what is left away", () => {
  it("has the value that the documents say", () => {
    expect(
      OrderPushV1.parse({ ...bill, ...line({}), ...charge({}), ...payment({}), ...refund({}) }),
    ).toMatchObject({
      source: "push",
      kind: "sale",
      channel: "other",
      taxMode: "exclusive",
      testMode: false,
      lines: [{ qty: 1_000_000n, gross: 650n, discount: 0n, tax: 0n }],
      charges: [{ net: 0n, tax: 0n }],
      payments: [{ amount: 1n, tip: 0n, status: "done" }],
      refunds: [{ amount: 0n, tip: 0n, status: "done" }],
    });
    expect(OrderPushV1.parse(bill)).toMatchObject({
      lines: [],
      charges: [],
      payments: [],
      refunds: [],
    });
  });
});

describe("the limits of an order", () => {
  it.each([
    ["an id", { orderId: "x".repeat(200) }, { orderId: "x".repeat(201) }],
    ["an id that says something", { orderId: "x" }, { orderId: "" }],
    ["a line's name", line({ name: "x".repeat(300) }), line({ name: "x".repeat(301) })],
    ["a line's name that says something", line({ name: "x" }), line({ name: "" })],
    ["a method that says something", payment({ method: "x" }), payment({ method: "" })],
    ["a gross", line({ gross: "0" }), line({ gross: "-1" })],
    ["a discount", line({ discount: "0" }), line({ discount: "-1" })],
    ["a line's tax", line({ tax: "0" }), line({ tax: "-1" })],
    ["a charge's tax", charge({ tax: "0" }), charge({ tax: "-1" })],
    ["a charge", charge({ net: "0" }), charge({ net: "-1" })],
    [
      "rounding, which alone may be negative,",
      charge({ kind: "rounding", net: "-1" }),
      charge({ kind: "other", net: "-1" }),
    ],
    ["a tip", payment({ tip: "0" }), payment({ tip: "-1" })],
    ["a refund", refund({ amount: "0" }), refund({ amount: "-1" })],
    ["guests", { guests: 0 }, { guests: -1 }],
    ["many guests", { guests: 10_000 }, { guests: 10_001 }],
    ["a time zone", { timeZone: "x".repeat(64) }, { timeZone: "x".repeat(65) }],
    ["a short time zone", { timeZone: "UTC" }, { timeZone: 1 }],
    ["a currency", { currency: "USD" }, { currency: "EURO" }],
    ["lines", { lines: many(2_000, soup) }, { lines: many(2_001, soup) }],
    [
      "payments",
      { payments: many(500, payment({}).payments[0] ?? {}) },
      { payments: many(501, payment({}).payments[0] ?? {}) },
    ],
  ])("%s is taken up to them and refused beyond", (_, within, beyond) => {
    expect([isTaken(within), isTaken(beyond)]).toEqual([true, false]);
  });

  it("are the numbers that the documents name", () => {
    expect([
      ID_MAX_LENGTH,
      NAME_MAX_LENGTH,
      LINES_MAX_COUNT,
      PARTS_MAX_COUNT,
      PUSH_MAX_COUNT,
    ]).toEqual([200, 300, 2_000, 500, 500]);
  });
});
