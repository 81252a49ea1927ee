import type { OrderSnapshot } from "@tillcast/schemas";
import { describe, expect, test } from "vitest";
import { line, minute, noon, order } from "../../testing/orders.ts";
import {
  backDate,
  charge,
  food,
  giftCard,
  items,
  payment,
  posted,
  refund,
  saleDate,
  tenders,
  wine,
} from "../../testing/take-backs.ts";

describe("a refund takes back what it names", () => {
  test("refund-names-its-line: a line goes back with its own tax, in sales and items alike", () => {
    const refunded = order({
      lines: [food, wine],
      refunds: [refund({ amount: 1_190n, lineKey: "2" })],
    });
    expect(posted(refunded, backDate)).toEqual({ refund: 1_000n, tax: -190n, items: -1_000_000n });
    expect(items(refunded, backDate)).toEqual([["Wine", -1_000_000n, -1_000n]]);
  });

  test("part of a line is net and tax in the line's shares, and its unit stays sold", () => {
    const refunded = order({
      lines: [food, wine],
      refunds: [refund({ amount: 595n, lineKey: "2" })],
    });
    expect(posted(refunded, backDate)).toEqual({ refund: 500n, tax: -95n });
    expect(items(refunded, backDate)).toEqual([["Wine", 0n, -500n]]);
  });

  test("a line goes back with the charges that belong to it, and no others", () => {
    const refunded = order({
      lines: [food, wine],
      charges: [
        charge({ key: "a", lineKey: "2", net: 50n, tax: 10n }),
        charge({ key: "b", kind: "delivery", net: 300n }),
      ],
      refunds: [refund({ amount: 1_250n, lineKey: "2" })],
    });
    expect(posted(refunded, backDate)).toMatchObject({
      refund: 1_000n,
      tax: -200n,
      charge_service: -50n,
    });
    expect(posted(refunded, backDate).charge_delivery).toBeUndefined();
  });

  test("what a line's refund has beyond the line comes from its modifiers", () => {
    const cheese = line({ key: "3", parentKey: "1", name: "Cheese", net: 200n, tax: 14n });
    const refunded = order({
      lines: [food, wine, cheese],
      refunds: [refund({ amount: 1_284n, lineKey: "1" })],
    });
    expect(posted(refunded, backDate)).toEqual({ refund: 1_200n, tax: -84n, items: -1_000_000n });
  });

  test("a gift card goes back as money alone", () => {
    const refunded = order({
      lines: [food, giftCard],
      payments: [payment({ amount: 6_070n })],
      refunds: [refund({ amount: 5_000n, lineKey: "g", paymentKey: "p" })],
    });
    expect(posted(refunded, backDate)).toEqual({});
    expect(tenders(refunded)).toEqual([
      { method: "card", amount: 6_070n, tip: 0n, refunded: 0n, payments: 1 },
      { method: "card", amount: 0n, tip: 0n, refunded: 5_000n, payments: 0 },
    ]);
  });

  test("a kind of charge goes back with its tax: the gratuity of a party", () => {
    const refunded = order({
      lines: [food],
      charges: [charge({ kind: "gratuity", net: 180n, tax: 20n }), charge({ key: "d", net: 50n })],
      refunds: [refund({ amount: 200n, chargeKind: "gratuity" })],
    });
    expect(posted(refunded, backDate)).toEqual({ charge_gratuity: -180n, tax: -20n });
  });

  test("a kind of charge of one line leaves that kind of other lines", () => {
    const refunded = order({
      lines: [food, wine],
      charges: [
        charge({ key: "a", lineKey: "1", net: 50n }),
        charge({ key: "b", lineKey: "2", net: 70n }),
      ],
      refunds: [refund({ amount: 100n, lineKey: "2", chargeKind: "service" })],
    });
    expect(posted(refunded, backDate)).toEqual({ charge_service: -70n, unreconciled: -30n });
  });

  test("a tip goes back as far as tips were given", () => {
    const tipped = (tip: bigint) =>
      order({ payments: [payment({ tip: 100n })], refunds: [refund({ tip })] });
    expect(posted(tipped(100n), backDate)).toEqual({ tip: -100n });
    expect(posted(tipped(130n), backDate)).toEqual({ tip: -100n, unreconciled: -30n });
  });

  test("a payment gives back of the whole bill, out of its own tender", () => {
    const refunded = order({
      payments: [payment({}), payment({ key: "q", method: "cash", amount: 100n })],
      refunds: [refund({ amount: 110n, paymentKey: "q" })],
    });
    expect(posted(refunded, backDate)).toEqual({ refund: 100n, tax: -10n });
    expect(tenders(refunded)).toContainEqual({
      method: "cash",
      amount: 0n,
      tip: 0n,
      refunded: 110n,
      payments: 0,
    });
  });

  test("what the vendor says of net and tax is taken, as far as that much is left", () => {
    const said = (changes: Partial<OrderSnapshot["refunds"][number]>) =>
      posted(order({ lines: [food, wine], refunds: [refund(changes)] }), backDate);
    expect(said({ amount: 600n, net: 500n, tax: 100n })).toEqual({ refund: 500n, tax: -100n });
    expect(said({ amount: 600n, tax: 100n })).toEqual({ refund: 500n, tax: -100n });
    expect(said({ amount: 600n, net: 600n })).toEqual({ refund: 600n });
    expect(said({ amount: 1_100n, lineKey: "1", net: 900n, tax: 200n })).toEqual({
      refund: 900n,
      tax: -70n,
      unreconciled: -130n,
    });
  });

  test("the tax of the order as a whole goes back with a line by its share, or by what is said", () => {
    const lines = [line({ ...food, tax: 0n }), line({ ...wine, tax: 0n })];
    const taxed = (changes: Partial<OrderSnapshot["refunds"][number]>) =>
      posted(order({ lines, orderTax: 260n, refunds: [refund(changes)] }), backDate);
    expect(taxed({ amount: 565n, lineKey: "2" })).toEqual({ refund: 500n, tax: -65n });
    // Wine bears more than half of it.
    expect(taxed({ amount: 1_190n, lineKey: "2" })).toMatchObject({ refund: 1_000n, tax: -190n });
    expect(taxed({ amount: 1_190n, lineKey: "2", net: 1_000n })).toMatchObject({ tax: -190n });
  });
});

describe("a refund of the whole bill", () => {
  test("refund-of-gift-card-bill: takes back the food and its tax, and no revenue for the card", () => {
    const soup = line({ key: "1", name: "Soup", net: 1_000n, tax: 190n });
    const refunded = order({ lines: [soup, giftCard], refunds: [refund({ amount: 6_190n })] });
    expect(posted(refunded, backDate)).toEqual({ refund: 1_000n, tax: -190n, items: -1_000_000n });
    expect(posted(refunded)).toMatchObject({ net: 1_000n, refund: 1_000n });
  });

  test("lowers each line by its share, so that items and sales tell one number", () => {
    const refunded = order({
      lines: [food, line({ ...wine, net: 2_000n, tax: 380n })],
      refunds: [refund({ amount: 345n })],
    });
    expect(posted(refunded, backDate)).toEqual({ refund: 300n, tax: -45n });
    expect(items(refunded, backDate)).toEqual([
      ["Food", 0n, -100n],
      ["Wine", 0n, -200n],
    ]);
  });

  test("two halves leave nothing, to the last cent and unit", () => {
    const halves = [refund({ amount: 1_131n }), refund({ key: "s", amount: 1_130n })];
    const odd = line({ key: "3", name: "Mint", net: 1n, tax: 0n });
    const refunded = order({ lines: [food, wine, odd], refunds: halves });
    expect(posted(refunded)).toEqual({
      gross: 2_001n,
      net: 2_001n,
      refund: 2_001n,
      orders: 1n,
      guests: 2n,
    });
  });

  test("leaves rounding to coins alone, until all that is left goes back", () => {
    const rounded = (amount: bigint) =>
      order({
        lines: [line({ net: 1_002n, tax: 0n })],
        charges: [charge({ kind: "rounding", net: -2n })],
        refunds: [refund({ amount })],
      });
    expect(posted(rounded(500n), backDate)).toEqual({ refund: 500n });
    expect(posted(rounded(1_000n), backDate)).toEqual({
      refund: 1_002n,
      charge_rounding: 2n,
      items: -1_000_000n,
    });
    const up = order({
      lines: [line({ net: 998n, tax: 0n })],
      charges: [charge({ kind: "rounding", net: 2n })],
      refunds: [refund({ amount: 499n }), refund({ key: "s", amount: 501n })],
    });
    expect(posted(up, backDate)).toMatchObject({ refund: 998n, charge_rounding: -2n });
  });

  test("a refund beyond the bill counts with the rest unreconciled", () => {
    const beyond = order({ refunds: [refund({ amount: 1_500n })] });
    expect(posted(beyond, backDate)).toEqual({
      refund: 1_000n,
      tax: -100n,
      items: -1_000_000n,
      unreconciled: -400n,
    });
  });

  test("the vendor's own difference goes back with the last of the bill", () => {
    const short = order({ unreconciled: -1n, refunds: [refund({ amount: 1_099n })] });
    expect(posted(short, saleDate)).toMatchObject({ net: 1_000n, unreconciled: -1n });
    expect(posted(short).unreconciled).toBeUndefined();
    expect(posted(short).tax).toBeUndefined();
    const over = order({ unreconciled: 2n, refunds: [refund({ amount: 1_101n })] });
    expect(posted(over)).toMatchObject({ refund: 1_000n, unreconciled: 1n });
  });

  test("one that names a line of another order takes of the whole bill", () => {
    const stray = order({
      lines: [food, wine],
      refunds: [refund({ amount: 226n, lineKey: "elsewhere" })],
    });
    expect(posted(stray, backDate)).toEqual({ refund: 200n, tax: -26n });
  });
});

describe("void and refund of one thing count once", () => {
  const soup = line({ key: "1", name: "Soup", net: 1_000n, tax: 0n });
  const voidedAt = noon + 60 * minute;
  const voided = { status: "voided" as const, voidedAt, voidBusinessDate: saleDate };

  test.each([
    ["at one instant (voided-and-refunded)", voidedAt],
    ["void first", voidedAt + minute],
    ["refund first", voidedAt - minute],
    ["refund before the sale counted", noon - minute],
  ])("an order, %s", (_, at) => {
    const both = order({
      lines: [soup],
      ...voided,
      payments: [payment({ tip: 50n })],
      refunds: [refund({ amount: 1_000n, tip: 50n, at, businessDate: saleDate })],
    });
    const { net = 0n, refund: refunded = 0n, void: taken = 0n, ...rest } = posted(both);
    expect(net - refunded - taken).toBe(0n);
    expect(rest).toEqual({ gross: 1_000n });
  });

  test("a line that is voided and refunded by name, and then the rest of the bill", () => {
    const lines = [line({ ...wine, voidedAt, voidBusinessDate: saleDate }), food];
    const named = refund({ amount: 1_190n, lineKey: "2", at: voidedAt, businessDate: saleDate });
    expect(posted(order({ lines, refunds: [named] }))).toMatchObject({ net: 2_000n, void: 1_000n });
    expect(posted(order({ lines, refunds: [named] })).unreconciled).toBeUndefined();
    const rest = refund({ key: "s", amount: 1_070n });
    expect(posted(order({ lines, refunds: [named, rest] }))).toEqual({
      gross: 2_000n,
      net: 2_000n,
      void: 1_000n,
      refund: 1_000n,
      orders: 1n,
      guests: 2n,
    });
  });

  test("a full refund of a bill with a voided line gives the line's money back too", () => {
    const lines = [line({ ...wine, voidedAt, voidBusinessDate: saleDate }), food];
    const full = order({ lines, refunds: [refund({ amount: 2_260n })] });
    expect(posted(full, backDate)).toEqual({ refund: 1_000n, tax: -70n, items: -1_000_000n });
  });

  test("a voided order takes back what a partial refund left", () => {
    const both = order({
      lines: [soup],
      ...voided,
      refunds: [refund({ amount: 400n, at: voidedAt - minute, businessDate: saleDate })],
    });
    expect(posted(both)).toEqual({ gross: 1_000n, net: 1_000n, refund: 400n, void: 600n });
  });

  test("a voided order whose till cleared its lines gave back what was paid", () => {
    const cleared = order({
      lines: [],
      ...voided,
      payments: [payment({})],
      refunds: [refund({ amount: 1_000n })],
    });
    expect(posted(cleared)).toEqual({});
  });

  test("a line voided at the instant at which the order counts was never sold", () => {
    const never = order({ lines: [food, line({ ...wine, voidedAt: noon })] });
    expect(posted(never)).toMatchObject({ net: 1_000n, tax: 70n });
    expect(posted(never).void).toBeUndefined();
    expect(items(never, saleDate)).toEqual([["Food", 1_000_000n, 1_000n]]);
  });
});
