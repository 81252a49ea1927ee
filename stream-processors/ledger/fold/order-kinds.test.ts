import type { OrderSnapshot } from "@tillcast/schemas";
import { describe, expect, test } from "vitest";
import { line, minute, noon, order } from "../../testing/orders.ts";
import {
  backDate,
  charge,
  food,
  giftCard,
  nextDay,
  payment,
  posted,
  refund,
  saleDate,
  tenders,
} from "../../testing/take-backs.ts";
import { at } from "./measure-vector.ts";
import { postingsOf } from "./postings.ts";
import { rollupChanges } from "./rollup-changes.ts";

describe("returns, exchanges, deposits and gift cards", () => {
  test("the payments of a return are money given back", () => {
    const returned = order({ kind: "return", payments: [payment({ amount: 1_100n, tip: 10n })] });
    expect(tenders(returned)).toEqual([
      { method: "card", amount: 0n, tip: 0n, refunded: 1_110n, payments: 0 },
    ]);
    expect(posted(returned)).toMatchObject({ refund: 1_000n, tax: -100n, tip: -10n });
  });

  test("a return with lines and refunds counts once: the refund is how it was paid out", () => {
    const paidOut = refund({ amount: 1_100n });
    const returned = order({ kind: "return", refunds: [paidOut] });
    expect(posted(returned)).toEqual({ refund: 1_000n, tax: -100n, items: -1_000_000n });
    expect(tenders(returned)).toMatchObject([{ refunded: 1_100n }]);
    const beyond = order({ kind: "return", refunds: [refund({ amount: 1_150n })] });
    expect(posted(beyond)).toMatchObject({ refund: 1_000n, unreconciled: -50n });
  });

  test("a return whose money is told as paid out and as refunded gave it once", () => {
    const totals = { ...order().totals, total: 1_100n };
    const twice = order({
      kind: "return",
      totals,
      payments: [payment({ amount: 1_100n })],
      refunds: [refund({ amount: 1_100n })],
    });
    expect(tenders(twice)).toEqual([
      { method: "card", amount: 0n, tip: 0n, refunded: 1_100n, payments: 0 },
    ]);
    const inTwoParts = order({
      kind: "return",
      totals,
      payments: [payment({ amount: 400n })],
      refunds: [refund({ amount: 700n })],
    });
    expect(tenders(inTwoParts).map(({ refunded }) => refunded)).toEqual([400n, 700n]);
  });

  test("the guests of a return are not counted", () => {
    const { guests, orders } = posted(order({ kind: "return", guests: 4 }));
    expect([guests, orders]).toEqual([undefined, undefined]);
  });

  test("an exchange whose refund pays its difference counts once; one of its payment takes it back", () => {
    const back = line({ key: "2", name: "Wine", quantityMicro: -1_000_000n, net: 1_500n, tax: 0n });
    const out = line({ key: "1", name: "Soup", net: 1_000n, tax: 0n });
    const cheaper = order({
      kind: "exchange",
      lines: [out, back],
      refunds: [refund({ amount: 500n })],
    });
    expect(posted(cheaper)).toMatchObject({ net: 1_000n, refund: 1_500n });
    const dearer = order({
      kind: "exchange",
      lines: [
        { ...out, net: 1_500n, gross: 1_500n },
        { ...back, net: 1_000n, gross: 1_000n },
      ],
      refunds: [refund({ amount: 500n })],
    });
    const { net = 0n, refund: refunded = 0n } = posted(dearer);
    expect(net - refunded).toBe(0n);
    expect(posted(dearer).items).toBeUndefined();
  });

  test("a line of no quantity in an exchange is one that was sold", () => {
    const free = line({ quantityMicro: 0n });
    expect(posted(order({ kind: "exchange", lines: [free] }))).toMatchObject({ net: 1_000n });
    const back = line({ quantityMicro: -1n });
    expect(posted(order({ kind: "exchange", lines: [back] }))).toMatchObject({ refund: 1_000n });
  });

  test("a bill of gift cards alone is no order: its money is in the tenders", () => {
    const cards = order({ lines: [giftCard], payments: [payment({ amount: 5_000n })] });
    expect(postingsOf(cards).entries).toEqual([]);
    expect(tenders(cards)).toMatchObject([{ method: "card", amount: 5_000n, payments: 1 }]);
    const open = { status: "open" as const, paidAt: null, payments: [] };
    expect(postingsOf(order({ lines: [giftCard], ...open })).open).toBeNull();
    expect(posted(order({ lines: [giftCard], charges: [charge({})] }))).toMatchObject({
      orders: 1n,
      charge_service: 100n,
    });
    for (const kind of ["rounding", "donation", "gratuity"] as const) {
      const other = order({ lines: [giftCard], charges: [charge({ kind })] });
      expect(posted(other).orders).toBeUndefined();
    }
  });

  test("an order without any line is an order still", () => {
    expect(posted(order({ lines: [] }))).toEqual({ orders: 1n, guests: 2n });
  });

  test("a deposit given back lowers what is paid, and no sales", () => {
    const bottles = line({
      key: "d",
      name: "Bottles back",
      kind: "deposit",
      revenue: false,
      net: -200n,
      tax: 0n,
    });
    const bill = order({
      lines: [food, bottles],
      payments: [payment({ amount: 870n })],
      refunds: [refund({ amount: 870n })],
    });
    expect(posted(bill, saleDate)).toMatchObject({ net: 1_000n, tax: 70n });
    expect(posted(bill, backDate)).toEqual({ refund: 1_000n, tax: -70n, items: -1_000_000n });
    const paidOut = order({ lines: [bottles], refunds: [refund({ amount: 200n })] });
    expect(posted(paidOut)).toEqual({});
  });

  test("change is a negative payment, and lowers its tender", () => {
    const changed = order({
      payments: [
        payment({ method: "cash", amount: 2_000n }),
        payment({ key: "c", method: "cash", amount: -900n }),
      ],
    });
    expect(tenders(changed)).toEqual([
      { method: "cash", amount: 1_100n, tip: 0n, refunded: 0n, payments: 1 },
    ]);
  });

  test("a sale in another currency than the store's is never added to its own", () => {
    const paid = { payments: [payment({ amount: 1_100n })] };
    const euros = postingsOf(order(paid));
    const yen = postingsOf(order({ ...paid, currency: "JPY" }));
    const openYen = { currency: "JPY", status: "open" as const, paidAt: null };
    const open = [
      postingsOf(order({ ...openYen })),
      postingsOf(order({ ...openYen, currency: "EUR" })),
    ];
    const sums = rollupChanges({ added: [euros, yen, euros, ...open], takenBack: [] });
    const byCurrency = (rows: readonly { currency: string }[]) =>
      rows.map(({ currency }) => currency).sort();
    const [hour] = sums.byHour;
    for (const rows of [
      hour?.windows,
      hour?.hours,
      hour?.items,
      sums.days,
      sums.tenders,
      sums.open,
    ]) {
      expect(byCurrency(rows ?? [])).toEqual(["EUR", "JPY"]);
    }
    expect(sums.days.map(({ currency, values }) => [currency, values[at.net]])).toEqual([
      ["EUR", 2_000n],
      ["JPY", 1_000n],
    ]);
  });
});

describe("tax of the order and the vendor's difference", () => {
  test("stand beside those of the lines, and carry the sign of a return", () => {
    const taxed = { orderTax: 30n, unreconciled: 5n };
    expect(posted(order(taxed))).toMatchObject({ net: 1_000n, tax: 130n, unreconciled: 5n });
    expect(posted(order({ ...taxed, kind: "return" }))).toMatchObject({
      tax: -130n,
      unreconciled: -5n,
    });
  });

  test("go back with a voided order", () => {
    const voided = order({ orderTax: 30n, unreconciled: 5n, status: "voided", voidedAt: nextDay });
    expect(posted(voided)).toEqual({ gross: 1_000n, net: 1_000n, void: 1_000n });
  });
});

describe("two checks, one paid", () => {
  const totals = { ...order().totals, total: 1_100n };
  const half = payment({ amount: 600n, at: noon - 10 * minute });
  const rest = payment({ key: "q", amount: 500n, at: noon - 5 * minute });
  const unpaid = { status: "open", paidAt: null, closedAt: null, totals } as const;

  test("the order is open as a whole, and the payment is in the tenders at once", () => {
    const { entries, open, tenders: taken } = postingsOf(order({ ...unpaid, payments: [half] }));
    expect(entries).toEqual([]);
    expect(open).toBe(1_000n);
    expect(taken).toMatchObject([{ amount: 600n }]);
  });

  test("it counts at the first instant at which the payments cover it", () => {
    const { entries, open } = postingsOf(order({ ...unpaid, payments: [rest, half] }));
    expect(entries.map(({ countedAt }) => countedAt)).toEqual([rest.at]);
    expect(open).toBeNull();
  });

  test("a pending payment covers nothing, change is not paid, and a closed order counts when closed", () => {
    const instantOf = (changes: Partial<OrderSnapshot>) =>
      postingsOf(order({ ...unpaid, ...changes })).entries[0]?.countedAt;
    expect(instantOf({ payments: [half, { ...rest, status: "pending" }] })).toBeUndefined();
    const change = payment({ key: "x", amount: -100n, at: rest.at });
    expect(instantOf({ payments: [half, { ...rest, amount: 550n }, change] })).toBeUndefined();
    expect(instantOf({ payments: [half], status: "closed", closedAt: noon })).toBe(noon);
    expect(instantOf({ payments: [half], status: "closed" })).toBe(order().openedAt);
    expect(instantOf({ payments: [half], paidAt: noon + minute })).toBe(noon + minute);
  });
});
