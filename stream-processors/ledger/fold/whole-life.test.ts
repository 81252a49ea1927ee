import { chargeKinds, chargeMeasure, type OrderSnapshot } from "@tillcast/schemas";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { line, minute, noon, order } from "../../testing/orders.ts";
import { plainSums } from "../../testing/plain-bill.ts";
import { anyOrder, billOf } from "../../testing/random-orders.ts";
import { foldOrders } from "./fold-orders.ts";
import { at } from "./measure-vector.ts";
import { arrivedOrder, type NewHead } from "./order-head.ts";
import type { Posted } from "./posted.ts";
import { postingsOf } from "./postings.ts";

const runs = Number(process.env.TILLCAST_TEST_RUNS ?? 400);
const seed = Number(process.env.TILLCAST_TEST_SEED ?? Math.floor(Math.random() * 2 ** 31));
console.log(`whole life of orders: TILLCAST_TEST_SEED=${seed}`);

/** Posted amounts in the words of the plain computation. */
function sumsOf(posted: readonly Posted[], takenBack: readonly Posted[] = []): Map<string, bigint> {
  const sums = new Map<string, bigint>();
  const add = (key: string, amount: bigint) => sums.set(key, (sums.get(key) ?? 0n) + amount);
  const addPosted = (one: Posted, sign: bigint) => {
    for (const { businessDate, values } of one.entries) {
      const value = (place: number) => sign * (values[place] as bigint);
      add(`${businessDate} sales`, value(at.net) - value(at.refund) - value(at.void));
      for (const name of ["tax", "tip", "unreconciled", "orders", "guests", "items"] as const) {
        add(`${businessDate} ${name}`, value(at[name]));
      }
      for (const kind of chargeKinds) {
        add(`${businessDate} ${chargeMeasure(kind)}`, value(at[chargeMeasure(kind)]));
      }
    }
    for (const { businessDate, itemKey, net, quantity } of one.items) {
      add(`${businessDate} item ${itemKey} net`, sign * net);
      add(`${businessDate} item ${itemKey} quantity`, sign * quantity);
    }
    for (const { businessDate, method, amount, tip, refunded } of one.tenders) {
      add(`${businessDate} tender ${method} amount`, sign * amount);
      add(`${businessDate} tender ${method} tip`, sign * tip);
      add(`${businessDate} tender ${method} refunded`, sign * refunded);
    }
  };
  for (const one of posted) addPosted(one, 1n);
  for (const one of takenBack) addPosted(one, -1n);
  return new Map([...sums].filter(([, amount]) => amount !== 0n).sort());
}

/** The sum of a column over all dates. */
const over = (sums: ReadonlyMap<string, bigint>, column: (name: string) => boolean): bigint =>
  [...sums].reduce((sum, [key, amount]) => (column(key.slice(11)) ? sum + amount : sum), 0n);

const check = (property: fc.IProperty<[OrderSnapshot]>) =>
  fc.assert(property, { numRuns: runs, seed });

describe("any order, whatever happened to it", () => {
  test("posts what the plain computation says, on each date, item and tender", () => {
    check(
      fc.property(anyOrder, (snapshot) => {
        expect(sumsOf([postingsOf(snapshot)])).toEqual(plainSums(snapshot));
      }),
    );
  });

  test("tells one number of net by sales and by items", () => {
    check(
      fc.property(anyOrder, (snapshot) => {
        const sums = sumsOf([postingsOf(snapshot)]);
        const items = over(sums, (name) => name.startsWith("item ") && name.endsWith(" net"));
        expect(items).toBe(over(sums, (name) => name === "sales"));
      }),
    );
  });

  test("never takes back more than was sold", () => {
    check(
      fc.property(anyOrder, (snapshot) => {
        const isSold = snapshot.lines.every(({ net, tax }) => net >= 0n && tax >= 0n);
        fc.pre(snapshot.kind === "sale" && isSold);
        const sums = sumsOf([postingsOf(snapshot)]);
        const columns = ["sales", "tax", "orders", "guests", "items"];
        if (snapshot.payments.length > 0) columns.push("tip");
        for (const kind of chargeKinds) if (kind !== "rounding") columns.push(chargeMeasure(kind));
        for (const column of columns) {
          expect(
            over(sums, (name) => name === column),
            column,
          ).toBeGreaterThanOrEqual(0n);
        }
      }),
    );
  });

  test("is explained: sales, tax, charges and unreconciled are the bill less what was given back", () => {
    check(
      fc.property(anyOrder, (snapshot) => {
        const isPlain = snapshot.lines.every((one) => one.voidedAt === null && one.revenue);
        fc.pre(
          snapshot.kind === "sale" && snapshot.status === "closed" && !snapshot.testMode && isPlain,
        );
        // What a bill owes is paid out by its refunds, and counts once.
        fc.pre(billOf(snapshot) + (snapshot.unreconciled ?? 0n) >= 0n);
        const sums = sumsOf([postingsOf(snapshot)]);
        const isMoney = (name: string) =>
          ["sales", "tax", "unreconciled", "tip"].includes(name) || name.startsWith("charge_");
        const done = ({ status }: { status: string }) => status === "done";
        const tips = snapshot.payments.filter(done).reduce((sum, { tip }) => sum + tip, 0n);
        const given = snapshot.refunds
          .filter(done)
          .reduce((sum, { amount, tip }) => sum + amount + tip, 0n);
        const bill = billOf(snapshot) + (snapshot.unreconciled ?? 0n) + tips;
        expect(over(sums, isMoney)).toBe(bill - given);
      }),
    );
  });

  test("ends at nothing once all that is left of it is given back", () => {
    check(
      fc.property(anyOrder, (snapshot) => {
        const stays = snapshot.lines.every((one) => one.voidedAt === null);
        const total = billOf(snapshot) + (snapshot.unreconciled ?? 0n);
        fc.pre(snapshot.kind !== "return" && snapshot.status === "closed" && stays && total > 0n);
        const at = noon + 3_000 * minute;
        const full = { ...aRefund, amount: total, at };
        const sums = sumsOf([postingsOf({ ...snapshot, refunds: [full] })]);
        const isMoney = (name: string) =>
          ["sales", "tax", "unreconciled", "items"].includes(name) || name.startsWith("charge_");
        for (const [key] of sums) {
          const column = key.slice(11);
          if (isMoney(column))
            expect(
              over(sums, (name) => name === column),
              column,
            ).toBe(0n);
        }
      }),
    );
  });
});

const aRefund = {
  key: "all",
  paymentKey: null,
  lineKey: null,
  chargeKind: null,
  net: null,
  tax: null,
  amount: 0n,
  tip: 0n,
  at: noon,
  businessDate: "2026-11-23",
  status: "done" as const,
};

describe("orders that arrive in any order, some of them twice", () => {
  const lives = fc
    .array(fc.record({ id: fc.integer({ min: 1, max: 3 }), snapshot: anyOrder }), { maxLength: 10 })
    .map((pictures) =>
      pictures.map(({ id, snapshot }, index) => ({
        ...snapshot,
        orderId: `order-${id}`,
        version: { vendorVersion: index, mappingRevision: 1, observedAt: noon, hash: `${index}` },
      })),
    );
  const shuffled = lives.chain((pictures) =>
    fc.record({
      pictures: fc.constant(pictures),
      again: fc.subarray(pictures),
      seed: fc.integer(),
      batchSize: fc.integer({ min: 1, max: 5 }),
    }),
  );

  test("end in the sums of their newest pictures, and entries sum to the same", () => {
    fc.assert(
      fc.property(shuffled, ({ pictures, again, seed: mix, batchSize }) => {
        const arrivals = mixed([...pictures, ...again], mix);
        const heads = new Map<string, NewHead>();
        const [added, takenBack]: [Posted[], Posted[]] = [[], []];
        const entries = new Map<string, bigint>();
        for (let from = 0; from < arrivals.length; from += batchSize) {
          const batch = arrivals.slice(from, from + batchSize);
          const folded = foldOrders(
            heads,
            batch.map((one) => arrivedOrder(one, Buffer.alloc(0))),
          );
          for (const head of folded.heads) heads.set(head.orderKey, head);
          added.push(...folded.added);
          takenBack.push(...folded.takenBack);
          for (const { entry } of folded.entries) {
            const net = (entry.values[at.net] as bigint) - (entry.values[at.refund] as bigint);
            const key = `${entry.businessDate} sales`;
            entries.set(key, (entries.get(key) ?? 0n) + net - (entry.values[at.void] as bigint));
          }
        }
        const newest = new Map<string, OrderSnapshot>();
        for (const one of pictures) newest.set(one.orderId, one);
        const plain = new Map<string, bigint>();
        for (const one of newest.values()) {
          for (const [key, amount] of plainSums(one))
            plain.set(key, (plain.get(key) ?? 0n) + amount);
        }
        const wanted = new Map([...plain].filter(([, amount]) => amount !== 0n).sort());
        expect(sumsOf(added, takenBack)).toEqual(wanted);
        const sales = [...wanted].filter(([key]) => key.endsWith(" sales"));
        expect([...entries].filter(([, amount]) => amount !== 0n).sort()).toEqual(sales);
      }),
      { numRuns: Math.ceil(runs / 5), seed },
    );
  });

  function mixed<Value>(values: readonly Value[], mix: number): Value[] {
    let state = mix >>> 0;
    const dice = () => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return state;
    };
    return values
      .map((value) => ({ value, place: dice() }))
      .sort((a, b) => a.place - b.place)
      .map(({ value }) => value);
  }
});

test("an order of nothing but a sale is the plain sum of its lines", () => {
  const snapshot = order({
    lines: [line(), line({ key: "l2", net: 500n, tax: 95n, name: "Wine" })],
  });
  expect(Object.fromEntries(plainSums(snapshot))).toMatchObject({
    "2026-11-21 sales": 1_500n,
    "2026-11-21 tax": 195n,
    "2026-11-21 item Wine net": 500n,
  });
});
