import { createHash } from "node:crypto";
import { measures } from "@tillcast/schemas";
import { describe, expect, it } from "vitest";
import { line, minute, noon, order, storeId } from "../../testing/orders.ts";
import { foldOrders } from "./fold-orders.ts";
import { addVector } from "./measure-vector.ts";
import { type ArrivedOrder, arrivedOrder } from "./order-head.ts";
import { postingsOf } from "./postings.ts";
import { shareText } from "./share-text.ts";

const itemsOf = (changes: Parameters<typeof order>[0]) => postingsOf(order(changes)).items;
const hourStart = noon;
const hour = 60 * minute;
const soup = { itemId: "soup", quantityMicro: 2_000_000n, gross: 900n, net: 800n };

describe("the items of an order", () => {
  it("add up where one of them stands on several lines", () => {
    expect(
      itemsOf({
        lines: [
          line({ key: "1", ...soup }),
          line({ key: "2", ...soup, gross: 500n, net: 400n, quantityMicro: 1_000_000n }),
          line({ key: "3", itemId: "cake", gross: 300n, net: 300n }),
        ],
      }),
    ).toEqual([
      {
        businessDate: "2026-11-21",
        hourStart,
        itemKey: "soup",
        quantity: 3_000_000n,
        gross: 1_400n,
        net: 1_200n,
      },
      {
        businessDate: "2026-11-21",
        hourStart,
        itemKey: "cake",
        quantity: 1_000_000n,
        gross: 300n,
        net: 300n,
      },
    ]);
  });

  it("stay apart by the hour and the business date in which they are taken back", () => {
    const taken = { quantity: -2_000_000n, gross: -900n, net: -800n };
    const voided = (voidedAt: number, voidBusinessDate: string) =>
      itemsOf({ lines: [line({ ...soup, voidedAt, voidBusinessDate })] }).map(
        ({ itemKey: _, ...item }) => item,
      );
    expect(voided(noon + hour, "2026-11-21")).toMatchObject([
      { hourStart, quantity: 2_000_000n, gross: 900n, net: 800n },
      { hourStart: hourStart + hour, businessDate: "2026-11-21", ...taken },
    ]);
    expect(voided(noon + minute, "2026-11-22")).toMatchObject([
      { businessDate: "2026-11-21", quantity: 2_000_000n },
      { businessDate: "2026-11-22", hourStart, ...taken },
    ]);
    expect(voided(noon + minute, "2026-11-21")).toEqual([]);
  });

  it("go back with a return", () => {
    expect(itemsOf({ kind: "return", lines: [line(soup)] })).toMatchObject([
      { quantity: -2_000_000n, gross: -900n, net: -800n },
    ]);
  });

  it("are told where only one of their amounts is there, and not where none is", () => {
    const empty = { quantityMicro: 0n, gross: 0n, net: 0n };
    expect(itemsOf({ lines: [line({ ...empty, gross: 5n, discount: 5n })] })).toHaveLength(1);
    expect(itemsOf({ lines: [line({ ...empty, quantityMicro: 1n })] })).toHaveLength(1);
    expect(itemsOf({ lines: [line(empty)] })).toEqual([]);
  });
});

describe("a refund of a line", () => {
  it("takes back of its item what it gives back, and leaves its gross with the day that sold", () => {
    const refund = {
      key: "r",
      paymentKey: null,
      lineKey: "l1",
      net: 300n,
      tax: 0n,
      amount: 300n,
      tip: 0n,
      at: noon + hour,
      businessDate: "2026-11-21",
      status: "done",
      chargeKind: null,
    } as const;
    expect(itemsOf({ lines: [line(soup)], refunds: [refund] })).toMatchObject([
      { hourStart, gross: 900n, net: 800n },
      { hourStart: hourStart + hour, quantity: 0n, gross: 0n, net: -300n },
    ]);
  });
});

describe("a sale", () => {
  it("posts its gross and its discount beside its net", () => {
    const lines = [line({ gross: 900n, discount: 100n, net: 800n })];
    const [entry] = postingsOf(order({ lines })).entries;
    expect(measures.map((measure, index) => [measure, entry?.values[index]])).toEqual(
      expect.arrayContaining([
        ["gross", 900n],
        ["discount", 100n],
        ["net", 800n],
      ]),
    );
  });
});

describe("what is open", () => {
  it("is nothing of what is no sale, or is not counted here", () => {
    const open = { status: "open", paidAt: null, closedAt: null } as const;
    expect(postingsOf(order({ ...open, kind: "non_revenue" })).open).toBeNull();
    expect(postingsOf(order({ ...open, withheld: "elsewhere" })).open).toBeNull();
    expect(postingsOf(order({ ...open, testMode: true })).open).toBeNull();
  });

  it("is the net of what is sold and stands", () => {
    const open = { status: "open", paidAt: null, closedAt: null } as const;
    const lines = [
      line({ key: "1", net: 500n }),
      line({ key: "2", net: 70n, revenue: false, kind: "gift_card" }),
      line({ key: "3", net: 9n, voidedAt: noon, voidBusinessDate: "2026-11-21" }),
    ];
    expect(postingsOf(order({ ...open, lines })).open).toBe(500n);
  });
});

describe("a tender", () => {
  it("of nothing but a tip is a payment all the same", () => {
    const payment = { key: "p", method: "card", amount: 0n, tip: 5n, status: "done" } as const;
    const at = { at: noon, businessDate: "2026-11-21" };
    expect(postingsOf(order({ payments: [{ ...payment, ...at }] })).tenders).toMatchObject([
      { amount: 0n, tip: 5n, payments: 1 },
    ]);
  });
});

describe("a picture", () => {
  const arrived = (changes: Parameters<typeof order>[0]): ArrivedOrder =>
    arrivedOrder(order(changes), Buffer.alloc(0));

  it("that came before changes nothing", () => {
    const again = foldOrders(new Map(), [arrived({}), arrived({})]);
    expect(again).toMatchObject({ unchanged: 1, conflicts: 0 });
    expect([again.heads.length, again.entries.length, again.added.length]).toEqual([1, 1, 1]);
  });

  it("raises its head's revision by one, from the one that was read", () => {
    const first = foldOrders(new Map(), [arrived({})]).heads;
    expect(first).toMatchObject([{ headRevision: 1, readRevision: null }]);
    const [head] = first;
    if (head === undefined) throw new Error("the order has a head");
    const known = new Map([[head.orderKey, { ...head, headRevision: 4 }]]);
    const next = foldOrders(known, [arrived({ vendorVersion: 2 }), arrived({ vendorVersion: 3 })]);
    expect(next.heads).toMatchObject([{ headRevision: 6, readRevision: 4 }]);
  });

  it("names its entries by 16 bytes of what they are", () => {
    const [entry] = foldOrders(new Map(), [arrived({})]).entries;
    if (entry === undefined) throw new Error("the order counts");
    const { vendorVersion, mappingRevision, observedAt, hash } = entry.order.version;
    const identity = `${entry.orderKey} ${vendorVersion} ${mappingRevision} ${observedAt} ${hash} ${storeId} ${noon} 2026-11-21 dine_in EUR`;
    const digest = createHash("sha256").update(identity).digest().toString("latin1");
    expect(entry.entryId).toBe(digest.slice(0, 16));
  });

  it("that moves its order touches both stores", () => {
    const other = "01990000-0000-7000-8000-0000000000b2";
    const [head] = foldOrders(new Map(), [arrived({})]).heads;
    if (head === undefined) throw new Error("the order has a head");
    const moved = foldOrders(new Map([[head.orderKey, head]]), [
      arrived({ storeId: other, vendorVersion: 2 }),
    ]);
    expect([...moved.stores.keys()].toSorted()).toEqual([storeId, other]);
  });
});

describe("measures", () => {
  it("are added up to the length of the sum, what is missing as zero", () => {
    const sum = [1n, 2n];
    addVector(sum, [5n]);
    addVector(sum, [1n, 1n, 9n], -1);
    expect(sum).toEqual([5n, 1n]);
  });

  it("of an order have one place each", () => {
    for (const { values } of postingsOf(order()).entries)
      expect(values).toHaveLength(measures.length);
  });
});

describe("a text that many orders share", () => {
  it("is the same text, however many there are", () => {
    const texts = Array.from({ length: 9_000 }, (_, index) => `text ${index}`);
    expect(texts.map(shareText)).toEqual(texts);
    expect(texts.map(shareText)).toEqual(texts);
  });
});
