import { channelNumber, type OrderSnapshot } from "@tillcast/schemas";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { line, minute, noon, order } from "../../testing/orders.ts";
import { type FoldedBatch, foldOrders } from "./fold-orders.ts";
import { addVector, zeroVector } from "./measure-vector.ts";
import { arrivedOrder, type OrderHead } from "./order-head.ts";
import { postingsOf } from "./postings.ts";
import { type RollupChange, rollupChanges } from "./rollup-changes.ts";

/** Versions of a few orders, with edits of every kind: amount, time, channel, store, void, refund. */
const versions: fc.Arbitrary<OrderSnapshot> = fc
  .record({
    id: fc.integer({ min: 1, max: 4 }),
    version: fc.integer({ min: 1, max: 6 }),
    net: fc.bigInt({ min: 0n, max: 3_000_000_000n }),
    shift: fc.integer({ min: -3, max: 3 }),
    channel: fc.constantFrom("dine_in" as const, "delivery" as const),
    status: fc.constantFrom(
      "open" as const,
      "closed" as const,
      "voided" as const,
      "deleted" as const,
    ),
    store: fc.constantFrom("a", "b"),
    refund: fc.bigInt({ min: 0n, max: 500n }),
  })
  .map(({ id, version, net, shift, channel, status, store, refund }) =>
    order({
      orderId: `order-${id}`,
      version: {
        vendorVersion: version,
        mappingRevision: 1,
        observedAt: noon,
        hash: `${version} ${net} ${shift} ${channel} ${status} ${store} ${refund}`,
      },
      storeId: `01990000-0000-7000-8000-0000000000${store}1`,
      status,
      channel,
      paidAt: status === "open" ? null : noon + shift * 20 * minute,
      voidedAt: status === "voided" ? noon + 60 * minute : null,
      lines: [line({ net, tax: net / 10n })],
      refunds:
        refund === 0n
          ? []
          : [
              {
                key: "r",
                paymentKey: null,
                lineKey: "l1",
                net: null,
                tax: null,
                amount: refund,
                tip: 0n,
                at: noon + 90 * minute,
                businessDate: "2026-11-21",
                status: "done",
                chargeKind: null,
              },
            ],
    }),
  );

const bytes = Buffer.alloc(0);
const fold = (heads: ReadonlyMap<string, OrderHead>, orders: readonly OrderSnapshot[]) =>
  foldOrders(
    heads,
    orders.map((snapshot) => arrivedOrder(snapshot, bytes)),
  );

function tiersOf(folded: FoldedBatch) {
  const { byHour, days } = rollupChanges(folded);
  return {
    windows: byHour.flatMap(({ windows }) => windows),
    hours: byHour.flatMap(({ hours }) => hours),
    days,
  };
}

/** Folds batch after batch, as the processor does, and sums what every batch added to the tables. */
function foldAll(batches: readonly (readonly OrderSnapshot[])[]) {
  const heads = new Map<string, OrderHead>();
  const rows = new Map<string, bigint[]>();
  const entries = new Map<string, bigint[]>();
  const results: FoldedBatch[] = [];
  for (const batch of batches) {
    const folded = fold(heads, batch);
    for (const head of folded.heads) heads.set(head.orderKey, head);
    for (const [tier, changes] of Object.entries(tiersOf(folded))) {
      for (const change of changes) {
        const key = JSON.stringify([
          tier,
          change.storeId,
          change.businessDate,
          change.start,
          change.channel,
        ]);
        addTo(rows, key, change.values);
      }
    }
    for (const { place, entry, orderKey } of folded.entries) {
      const { storeId, channel } = place;
      addTo(entries, JSON.stringify([storeId, entry.countedAt, channel, orderKey]), entry.values);
    }
    results.push(folded);
  }
  return { heads, rows: nonZero(rows), entries: nonZero(entries), results };
}

function addTo(sums: Map<string, bigint[]>, key: string, values: readonly bigint[]) {
  const sum = sums.get(key) ?? zeroVector();
  addVector(sum, values);
  sums.set(key, sum);
}

const nonZero = (sums: Map<string, bigint[]>) =>
  Object.fromEntries([...sums].filter(([, values]) => values.some((value) => value !== 0n)).sort());

/** What the tables must hold: the postings of the newest version of every order, and nothing else. */
function plainFold(orders: readonly OrderSnapshot[]) {
  const newest = new Map<string, OrderSnapshot>();
  for (const snapshot of orders) {
    const held = newest.get(snapshot.orderId);
    const { vendorVersion, hash } = snapshot.version;
    const newer =
      held === undefined ||
      vendorVersion > held.version.vendorVersion ||
      (vendorVersion === held.version.vendorVersion && hash > held.version.hash);
    if (newer) newest.set(snapshot.orderId, snapshot);
  }
  const sums = new Map<string, bigint[]>();
  for (const snapshot of newest.values()) {
    const { orderKey } = arrivedOrder(snapshot, bytes);
    for (const { countedAt, values } of postingsOf(snapshot).entries) {
      addTo(
        sums,
        JSON.stringify([snapshot.storeId, countedAt, channelNumber(snapshot.channel), orderKey]),
        values,
      );
    }
  }
  return nonZero(sums);
}

describe("folding orders", () => {
  it("ends in the postings of the newest versions, whatever came before them", () => {
    fc.assert(
      fc.property(fc.array(versions, { maxLength: 30 }), (orders) => {
        expect(foldAll([orders]).entries).toEqual(plainFold(orders));
      }),
    );
  });

  it("gives the same tables for any order of arrival, for duplicates and for any cut into batches", () => {
    fc.assert(
      fc.property(
        fc
          .array(versions, { maxLength: 20 })
          .chain((orders) =>
            fc.tuple(
              fc.constant(orders),
              fc.shuffledSubarray([...orders, ...orders], { minLength: 2 * orders.length }),
              fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 40, maxLength: 40 }),
            ),
          ),
        ([orders, shuffled, sizes]) => {
          const batches: OrderSnapshot[][] = [];
          for (let from = 0, turn = 0; from < shuffled.length; turn += 1) {
            const size = sizes[turn] ?? 5;
            batches.push(shuffled.slice(from, from + size));
            from += size;
          }
          const once = foldAll([orders]);
          const again = foldAll(batches);
          expect(again.rows).toEqual(once.rows);
          expect(again.entries).toEqual(once.entries);
        },
      ),
    );
  });

  it("posts each version's own entries, so that a batch's cut leaves the ledger as it is", () => {
    const first = order();
    const second = order({ vendorVersion: 2, lines: [line({ net: 1_300n, tax: 130n })] });
    const together = foldAll([[first, second]]).results.flatMap((result) => result.entries);
    const apart = foldAll([[first], [second]]).results.flatMap((result) => result.entries);
    expect(together.map((entry) => entry.entryId)).toEqual(apart.map((entry) => entry.entryId));
    expect(together).toHaveLength(2);
  });

  it("keeps sums of children equal to their parents", () => {
    fc.assert(
      fc.property(fc.array(versions, { maxLength: 30 }), (orders) => {
        const { windows, hours, days } = tiersOf(fold(new Map(), orders));
        const total = (rows: readonly RollupChange[]) => {
          const sum = zeroVector();
          for (const row of rows) addVector(sum, row.values);
          return sum;
        };
        expect(total(hours)).toEqual(total(windows));
        expect(total(days)).toEqual(total(windows));
      }),
    );
  });

  it("takes a newer mapping of one vendor version as a correction, not as a conflict", () => {
    const first = order();
    const mapped = order({ version: { ...first.version, mappingRevision: 2, hash: "mapped" } });
    const folded = fold(new Map(), [first, mapped]);
    expect(folded).toMatchObject({ conflicts: 0, unchanged: 0 });
    expect(folded.heads[0]?.version.hash).toBe("mapped");
  });

  it("counts equal vendor versions with other content as conflicts, and the later one wins", () => {
    const first = order();
    const other = order({
      version: { ...first.version, observedAt: noon + 5, hash: "other" },
      lines: [line({ net: 7n })],
    });
    const folded = fold(new Map(), [first, other, first]);
    expect(folded).toMatchObject({ conflicts: 1, unchanged: 1 });
    expect(folded.heads[0]?.version.hash).toBe("other");
  });
});
