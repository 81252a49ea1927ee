import {
  DAY_MS,
  MINOR_MAX,
  type OrderPush,
  type OrderPushInput,
  OrderPushV1,
} from "@tillcast/schemas";
import { describe, expect, it } from "vitest";
import { checkInstants } from "./check-instants.ts";
import { checkSums } from "./check-sums.ts";
import { checkText } from "./check-text.ts";
import { checkWords } from "./check-words.ts";
import type { Fault } from "./faults.ts";

const opened = "2026-11-21T12:00:00.000Z";
const openedAt = Date.parse(opened);
const receivedAt = openedAt + 60_000;
const text = (ms: number) => new Date(ms).toISOString();
const day = (ms: number) => text(ms).slice(0, 10);

const bill = (changes: Partial<OrderPushInput> = {}): OrderPush =>
  OrderPushV1.parse({
    orderId: "1",
    version: { vendorVersion: "1" },
    status: "closed",
    openedAt: opened,
    currency: "EUR",
    ...changes,
  });

const fieldsAtFault = (check: (faults: Fault[]) => void): string[] => {
  const faults: Fault[] = [];
  check(faults);
  return faults.map(({ field }) => field);
};

const line = (changes: Partial<NonNullable<OrderPushInput["lines"]>[number]> = {}) => ({
  key: "1",
  name: "Soup",
  gross: "0",
  ...changes,
});
const payment = (changes: Partial<NonNullable<OrderPushInput["payments"]>[number]> = {}) => ({
  key: "1",
  method: "card",
  amount: "0",
  ...changes,
});
const refund = (changes: Partial<NonNullable<OrderPushInput["refunds"]>[number]> = {}) => ({
  key: "1",
  amount: "0",
  at: opened,
  ...changes,
});

describe("instants", () => {
  const faultsOf = (changes: Partial<OrderPushInput>) =>
    fieldsAtFault((faults) => checkInstants(bill(changes), receivedAt, faults));
  const latest = receivedAt + 400 * DAY_MS;

  it("and dates may be left away", () => {
    expect(faultsOf({ closedAt: null, paidAt: null, voidBusinessDate: null })).toEqual([]);
  });

  const instants: readonly [string, (at: string) => Partial<OrderPushInput>][] = [
    ["openedAt", (at) => ({ openedAt: at })],
    ["closedAt", (at) => ({ openedAt: at, closedAt: at })],
    ["paidAt", (at) => ({ openedAt: at, paidAt: at })],
    ["voidedAt", (at) => ({ openedAt: at, voidedAt: at })],
    ["lines[0].voidedAt", (at) => ({ lines: [line({ voidedAt: at })] })],
    ["payments[0].at", (at) => ({ payments: [payment({ at })] })],
    ["refunds[0].at", (at) => ({ refunds: [refund({ at })] })],
  ];

  it.each(instants)("%s lies between the year 2000 and 400 days from now", (field, place) => {
    const first = Date.UTC(2000, 0, 1);
    for (const at of [first, latest]) expect(faultsOf(place(text(at)))).toEqual([]);
    for (const at of [first - 1, latest + 1]) expect(faultsOf(place(text(at)))).toContain(field);
  });

  const dates: readonly [string, (date: string) => Partial<OrderPushInput>][] = [
    ["businessDate", (businessDate) => ({ businessDate })],
    ["voidBusinessDate", (voidBusinessDate) => ({ voidBusinessDate })],
    ["lines[0].voidBusinessDate", (voidBusinessDate) => ({ lines: [line({ voidBusinessDate })] })],
    ["payments[0].businessDate", (businessDate) => ({ payments: [payment({ businessDate })] })],
    ["refunds[0].businessDate", (businessDate) => ({ refunds: [refund({ businessDate })] })],
  ];

  it.each(dates)("%s lies there too, to the day after", (field, place) => {
    for (const date of ["2000-01-01", day(latest + DAY_MS)])
      expect(faultsOf(place(date))).toEqual([]);
    for (const date of ["1999-12-31", day(latest + 2 * DAY_MS)])
      expect(faultsOf(place(date))).toEqual([field]);
  });

  it.each(["closedAt", "paidAt", "voidedAt"] as const)(
    "%s may seem to lie a day before the beginning, and no more",
    (field) => {
      expect(faultsOf({ [field]: text(openedAt - DAY_MS) })).toEqual([]);
      expect(faultsOf({ [field]: text(openedAt - DAY_MS - 1) })).toEqual([field]);
    },
  );

  it("of a version lie between the year 2000 and a day ahead; a counter is any number", () => {
    const of = (vendorVersion: string) => faultsOf({ version: { vendorVersion } });
    const [first, last] = [Date.UTC(2000, 0, 1), receivedAt + DAY_MS];
    expect([of(text(first)), of(text(last)), of("1")]).toEqual([[], [], []]);
    expect([of(text(first - 1)), of(text(last + 1))]).toEqual([
      ["version.vendorVersion"],
      ["version.vendorVersion"],
    ]);
  });
});

describe("sums", () => {
  const faultsOf = (changes: Partial<OrderPushInput>) =>
    fieldsAtFault((faults) => checkSums(bill(changes), faults));
  const half = String((MINOR_MAX + 1n) / 2n);
  const rest = String(MINOR_MAX - (MINOR_MAX + 1n) / 2n);

  const sums: readonly [string, (one: string, other: string) => Partial<OrderPushInput>][] = [
    ["totals.gross", (gross, other) => ({ lines: [line({ gross }), line({ gross: other })] })],
    [
      "totals.charges",
      (net, other) => ({
        charges: [
          { key: "1", kind: "service", net },
          { key: "2", kind: "service", net: other },
        ],
      }),
    ],
    [
      "totals.tax",
      (tax, other) => ({
        lines: [line({ tax })],
        charges: [{ key: "1", kind: "service", net: "0", tax: other }],
      }),
    ],
    [
      "totals.total",
      (gross, net) => ({ lines: [line({ gross })], charges: [{ key: "1", kind: "service", net }] }),
    ],
    [
      "refunds",
      (gross, amount) => ({
        kind: "return",
        lines: [line({ gross })],
        refunds: [refund({ amount })],
      }),
    ],
    [
      "totals.tip",
      (tip, other) => ({ payments: [payment({ tip })], refunds: [refund({ tip: other })] }),
    ],
    [
      "payments",
      (amount, other) => ({
        payments: [payment({ amount })],
        refunds: [refund({ amount: other })],
      }),
    ],
  ];

  it.each(sums)("of %s are taken up to the most that is kept exactly", (field, place) => {
    expect(faultsOf(place(half, rest))).toEqual([]);
    expect(faultsOf(place(half, half))).toContain(field);
  });

  it("are taken without signs, so that two sides that cancel out are seen", () => {
    const back = (net: string) => ({ key: net, kind: "rounding" as const, net });
    expect(faultsOf({ charges: [back(half), back(`-${half}`)] })).toContain("totals.charges");
  });

  it("of units are bounded as well", () => {
    const many = (count: number) => ({
      lines: Array.from({ length: count }, () => line({ qty: "999999999" })),
    });
    expect([faultsOf(many(4)), faultsOf(many(5))]).toEqual([[], ["lines"]]);
  });

  it("of goods that are taken back go with the refunds; of goods sold they do not", () => {
    const exchange = (qty: string) => ({
      kind: "exchange" as const,
      lines: [line({ gross: half, qty })],
      refunds: [refund({ amount: half })],
    });
    expect([faultsOf(exchange("1")), faultsOf(exchange("0")), faultsOf(exchange("-1"))]).toEqual([
      [],
      [],
      ["refunds"],
    ]);
  });
});

describe("words", () => {
  const faultsOf = (changes: Partial<OrderPushInput>) =>
    fieldsAtFault((faults) => checkWords(bill(changes), faults));

  it("name a currency and a zone that there are", () => {
    expect(faultsOf({ currency: "XXX" })).toEqual(["currency"]);
    expect(faultsOf({ timeZone: "Europe/Berlin" })).toEqual([]);
    expect(faultsOf({ timeZone: "Europe/Berlin" })).toEqual([]);
    expect(faultsOf({ timeZone: "Mars/North" })).toEqual(["timeZone"]);
  });

  it("agree with each other", () => {
    expect(faultsOf({ voidedAt: opened })).toEqual(["voidedAt"]);
    for (const status of ["voided", "deleted"] as const)
      expect(faultsOf({ voidedAt: opened, status })).toEqual([]);
  });

  it("call each part by a key of its own", () => {
    expect(faultsOf({ lines: [line(), line()] })).toEqual(["lines[1].key"]);
    expect(faultsOf({ payments: [payment(), payment()] })).toEqual(["payments[1].key"]);
    expect(faultsOf({ refunds: [refund(), refund()] })).toEqual(["refunds[1].key"]);
    const charge = { key: "1", kind: "service" as const, net: "0" };
    expect(faultsOf({ charges: [charge, charge] })).toEqual(["charges[1].key"]);
    expect(faultsOf({ lines: [line(), line({ key: "2" })] })).toEqual([]);
  });

  it("have a negative quantity in an exchange only", () => {
    expect(faultsOf({ lines: [line({ qty: "0" })] })).toEqual([]);
    expect(faultsOf({ lines: [line({ qty: "-1" })] })).toEqual(["lines[0].qty"]);
    expect(faultsOf({ kind: "exchange", lines: [line({ qty: "-1" })] })).toEqual([]);
  });
});

describe("text that no column holds", () => {
  const faultsOf = (value: unknown) => fieldsAtFault((faults) => checkText(value, faults));

  it("is found wherever it stands, and called by its own path", () => {
    expect(
      faultsOf({
        orderId: "a\0",
        guests: 2,
        paidAt: null,
        lines: [{ name: "soup" }, { name: "\ud83d" }, { name: "🍕", category: "\0" }],
        payments: [{ method: "\0" }],
        staffKey: "\0",
      }),
    ).toEqual(["orderId", "lines[1].name", "lines[2].category", "payments[0].method", "staffKey"]);
  });
});
