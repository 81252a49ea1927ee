import {
  composeNet,
  defaultNetCharges,
  type Measures,
  measures,
  type OrderSnapshot,
} from "@tillcast/schemas";
import { describe, expect, it } from "vitest";
import { line, minute, noon, order } from "../../testing/orders.ts";
import { addVector, zeroVector } from "./measure-vector.ts";
import { postingsOf } from "./postings.ts";

const named = (values: readonly bigint[]): Measures =>
  Object.fromEntries(measures.map((measure, index) => [measure, values[index] ?? 0n])) as Measures;

function sumOf(snapshot: OrderSnapshot): Measures {
  const sum = zeroVector();
  for (const entry of postingsOf(snapshot).entries) addVector(sum, entry.values);
  return named(sum);
}

const netOf = (snapshot: OrderSnapshot): bigint => composeNet(sumOf(snapshot), defaultNetCharges);

const nextDay = noon + 24 * 60 * minute;
const refund = {
  chargeKind: null,
  key: "r1",
  paymentKey: null,
  lineKey: null,
  net: null,
  tax: null,
  amount: 1_100n,
  tip: 0n,
  at: nextDay,
  businessDate: "2026-11-22",
  status: "done" as const,
};

describe("when an order counts", () => {
  it("counts a paid order at the instant it was first paid", () => {
    const { entries, open } = postingsOf(order());
    expect(entries.map((entry) => [entry.countedAt, entry.businessDate])).toEqual([
      [noon, "2026-11-21"],
    ]);
    expect(sumOf(order())).toMatchObject({
      gross: 1_000n,
      net: 1_000n,
      tax: 100n,
      orders: 1n,
      guests: 2n,
    });
    expect(open).toBeNull();
  });

  it("shows an unpaid order as open and does not count it", () => {
    const posted = postingsOf(order({ status: "open", closedAt: null, paidAt: null }));
    expect(posted.entries).toEqual([]);
    expect(posted.items).toEqual([]);
    expect(posted.open).toBe(1_000n);
  });

  it("counts an unpaid order when the tenant counts what is ordered, and still shows it as open", () => {
    const unpaid = order({ status: "open", closedAt: null, paidAt: null, countedWhen: "ordered" });
    expect(postingsOf(unpaid).entries[0]?.countedAt).toBe(unpaid.openedAt);
    expect(postingsOf(unpaid).open).toBe(1_000n);
  });

  it("counts a closed order without a paid time at its first payment, else when closed, else when opened", () => {
    const payment = {
      key: "p",
      method: "card",
      amount: 1_100n,
      tip: 0n,
      status: "done" as const,
      businessDate: "2026-11-21",
    };
    const paidTwice = [
      { ...payment, at: noon - minute },
      { ...payment, key: "q", at: noon - 2 * minute },
    ];
    const instantOf = (changes: Partial<OrderSnapshot>) =>
      postingsOf(order({ paidAt: null, ...changes })).entries[0]?.countedAt;
    expect(instantOf({ payments: paidTwice })).toBe(noon - 2 * minute);
    expect(instantOf({})).toBe(noon);
    expect(instantOf({ closedAt: null })).toBe(order().openedAt);
  });

  it.each([
    ["a test", { testMode: true }],
    ["a withheld", { withheld: "outside its authority dates" }],
    ["a deleted", { status: "deleted" as const }],
    ["a non-revenue", { kind: "non_revenue" as const }],
  ])("does not count %s order", (_, changes) => {
    expect(postingsOf(order(changes)).entries).toEqual([]);
    expect(postingsOf(order(changes)).items).toEqual([]);
  });
});

describe("what an order posts", () => {
  it("leaves gift cards and other lines that are no revenue out of sales", () => {
    const withGiftCard = order({
      lines: [line(), line({ key: "l2", revenue: false, net: 5_000n, tax: 0n })],
    });
    expect(netOf(withGiftCard)).toBe(1_000n);
  });

  it("counts service and delivery charges in net, gratuity and tips not", () => {
    const charge = (kind: "service" | "gratuity" | "delivery", net: bigint) => ({
      key: kind,
      kind,
      net,
      tax: 0n,
      lineKey: null,
    });
    const charged = order({
      charges: [charge("service", 50n), charge("gratuity", 180n), charge("delivery", 300n)],
      payments: [
        {
          key: "p",
          method: "card",
          amount: 1_630n,
          tip: 200n,
          status: "done",
          at: noon,
          businessDate: "2026-11-21",
        },
      ],
    });
    expect(netOf(charged)).toBe(1_350n);
    expect(sumOf(charged)).toMatchObject({ charge_gratuity: 180n, tip: 200n });
  });

  it("posts a void at its own instant and business date, and leaves the day that sold unchanged", () => {
    const voided = order({ status: "voided", voidedAt: nextDay, voidBusinessDate: "2026-11-22" });
    const [sale, reversal] = postingsOf(voided).entries;
    expect(named(sale?.values ?? [])).toMatchObject({ net: 1_000n, orders: 1n });
    expect(reversal?.businessDate).toBe("2026-11-22");
    expect(named(reversal?.values ?? [])).toMatchObject({
      net: 0n,
      void: 1_000n,
      tax: -100n,
      orders: -1n,
    });
    expect(netOf(voided)).toBe(0n);
  });

  it("ignores a line that was voided before the order was paid", () => {
    const lines = [line(), line({ key: "l2", net: 400n, tax: 40n, voidedAt: noon - minute })];
    expect(sumOf(order({ lines }))).toMatchObject({
      gross: 1_000n,
      net: 1_000n,
      void: 0n,
      tax: 100n,
    });
  });

  it("takes back a line voided after the sale once, even when the whole order is voided later", () => {
    const lines = [
      line(),
      line({
        key: "l2",
        net: 400n,
        tax: 40n,
        voidedAt: noon + minute,
        voidBusinessDate: "2026-11-21",
      }),
    ];
    const voided = order({
      lines,
      status: "voided",
      voidedAt: nextDay,
      voidBusinessDate: "2026-11-22",
    });
    expect(sumOf(voided)).toMatchObject({
      net: 1_400n,
      void: 1_400n,
      tax: 0n,
      items: 0n,
      orders: 0n,
    });
  });

  it("leaves nothing after a full refund that names no parts", () => {
    const refunded = order({
      charges: [{ key: "g", kind: "gratuity", net: 180n, tax: 0n, lineKey: null }],
      refunds: [{ ...refund, amount: 1_280n }],
    });
    expect(sumOf(refunded)).toMatchObject({ refund: 1_000n, tax: 0n, charge_gratuity: 0n });
    expect(netOf(refunded)).toBe(0n);
  });

  it("posts a partial refund on its own business date, split between net and tax", () => {
    const refunded = order({ refunds: [{ ...refund, amount: 550n, tip: 20n }] });
    const posted = postingsOf(refunded).entries.find(
      (entry) => entry.businessDate === "2026-11-22",
    );
    expect(named(posted?.values ?? [])).toMatchObject({
      refund: 500n,
      tax: -50n,
      tip: -20n,
      orders: 0n,
    });
  });

  it("takes the vendor's own parts of a refund where it gives them", () => {
    const refunded = order({ refunds: [{ ...refund, amount: 550n, net: 550n }] });
    expect(sumOf(refunded)).toMatchObject({ refund: 550n, tax: 100n });
  });

  it("ignores refunds that are pending or failed", () => {
    const refunds = [
      { ...refund, status: "pending" as const },
      { ...refund, key: "r2", status: "failed" as const },
    ];
    expect(netOf(order({ refunds }))).toBe(1_000n);
  });

  it("posts a return as a refund", () => {
    expect(sumOf(order({ kind: "return" }))).toMatchObject({
      net: 0n,
      refund: 1_000n,
      tax: -100n,
      orders: 0n,
      items: -1_000_000n,
    });
    expect(netOf(order({ kind: "return" }))).toBe(-1_000n);
  });

  it("nets an exchange of one item for another", () => {
    const lines = [
      line({ net: 1_500n, tax: 150n }),
      line({ key: "back", quantityMicro: -1_000_000n }),
    ];
    const exchanged = order({ kind: "exchange", lines });
    expect(netOf(exchanged)).toBe(500n);
    expect(sumOf(exchanged)).toMatchObject({ tax: 50n, items: 0n, orders: 1n });
  });

  it("posts item sales by their local hour, in zones at :45 too", () => {
    const kathmandu = order({
      timeZone: "Asia/Kathmandu",
      lines: [line({ quantityMicro: 350_000n })],
    });
    expect(postingsOf(kathmandu).items).toEqual([
      {
        businessDate: "2026-11-21",
        hourStart: Date.parse("2026-11-21T10:15:00Z"),
        itemKey: "Margherita",
        quantity: 350_000n,
        gross: 1_000n,
        net: 1_000n,
      },
    ]);
  });
});
