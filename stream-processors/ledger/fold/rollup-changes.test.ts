import { measures } from "@tillcast/schemas";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Posted } from "./posted.ts";
import { type HourChanges, rollupChanges, windowSpan } from "./rollup-changes.ts";

const hourMs = 3_600_000;
const windowMs = 900_000;

const amount = fc.bigInt(-3n, 3n);
const businessDate = fc.constantFrom("2026-11-21", "2026-11-22");
const currency = fc.constantFrom("EUR", "USD");
const hour = fc.integer({ min: 0, max: 2 });

/** Postings that meet in few places, so that most of them add up. */
const postings: fc.Arbitrary<Posted> = fc.record({
  storeId: fc.constantFrom("s1", "s2"),
  channel: fc.constantFrom(0, 1),
  currency,
  entries: fc.array(
    fc
      .record({
        businessDate,
        hour,
        quarter: fc.integer({ min: 0, max: 3 }),
        values: fc.array(amount, { minLength: measures.length, maxLength: measures.length }),
      })
      .map(({ hour: at, quarter, ...entry }) => ({
        ...entry,
        hourStart: at * hourMs,
        countedAt: at * hourMs + quarter * windowMs + 7,
        occurredAt: 0,
      })),
    { maxLength: 3 },
  ),
  items: fc.array(
    fc.record({
      businessDate,
      hourStart: hour.map((at) => at * hourMs),
      itemKey: fc.constantFrom("soup", "cake"),
      quantity: amount,
      gross: amount,
      net: amount,
    }),
    { maxLength: 3 },
  ),
  tenders: fc.array(
    fc.record({
      businessDate,
      method: fc.constantFrom("card", "cash"),
      amount,
      tip: amount,
      refunded: amount,
      payments: fc.integer({ min: 0, max: 2 }),
    }),
    { maxLength: 3 },
  ),
  open: fc.option(amount),
});

/** Sums by a key that is text; slow and obvious. */
function makePlainSums() {
  const sums = new Map<string, bigint[]>();
  return {
    add(key: string, values: readonly (bigint | number)[], factor: bigint): void {
      const before = sums.get(key) ?? values.map(() => 0n);
      sums.set(
        key,
        before.map((value, index) => value + factor * BigInt(values[index] ?? 0)),
      );
    },
    rows: (): [string, bigint[]][] =>
      [...sums].filter(([, values]) => values.some((value) => value !== 0n)).toSorted(byKey),
  };
}

const byKey = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number =>
  a < b ? -1 : 1;

interface Place {
  readonly storeId: string;
  readonly businessDate: string;
  readonly start: number;
  readonly channel: number;
  readonly currency: string;
}

const placeKey = ({ storeId, businessDate: date, start, channel, currency: money }: Place) =>
  `${storeId} ${date} ${start} ${channel} ${money}`;

function plainChanges(added: readonly Posted[], takenBack: readonly Posted[]) {
  const [windows, hours, days] = [makePlainSums(), makePlainSums(), makePlainSums()];
  const [items, tenders, open] = [makePlainSums(), makePlainSums(), makePlainSums()];
  const signed = [
    ...added.map((posted) => [posted, 1n] as const),
    ...takenBack.map((posted) => [posted, -1n] as const),
  ];
  for (const [posted, factor] of signed) {
    for (const { values, ...entry } of posted.entries) {
      const at = { ...posted, businessDate: entry.businessDate };
      const start = Math.floor(entry.countedAt / windowMs) * windowMs;
      windows.add(placeKey({ ...at, start }), values, factor);
      hours.add(placeKey({ ...at, start: entry.hourStart }), values, factor);
      days.add(placeKey({ ...at, start: 0 }), values, factor);
    }
    for (const { quantity, gross, net, ...item } of posted.items) {
      const key = `${posted.storeId} ${posted.currency} ${item.businessDate} ${item.hourStart} ${item.itemKey}`;
      items.add(key, [quantity, gross, net], factor);
    }
    for (const { tip, refunded, payments, ...tender } of posted.tenders) {
      const key = `${posted.storeId} ${posted.currency} ${tender.businessDate} ${tender.method}`;
      tenders.add(key, [tender.amount, tip, refunded, payments], factor);
    }
    if (posted.open !== null)
      open.add(`${posted.storeId} ${posted.currency}`, [posted.open, 1], factor);
  }
  return {
    windows: windows.rows(),
    hours: hours.rows(),
    days: days.rows(),
    items: items.rows(),
    tenders: tenders.rows(),
    open: open.rows(),
  };
}

/** The same rows as the fold has them. */
function foldedChanges(added: readonly Posted[], takenBack: readonly Posted[]) {
  const changes = rollupChanges({ added, takenBack });
  const rows = (list: readonly (Place & { readonly values: readonly bigint[] })[]) =>
    list.map((row): [string, bigint[]] => [placeKey(row), [...row.values]]).toSorted(byKey);
  const { byHour } = changes;
  return {
    windows: rows(byHour.flatMap((one) => one.windows)),
    hours: rows(byHour.flatMap((one) => one.hours)),
    days: rows(changes.days),
    items: byHour
      .flatMap((one) => one.items)
      .map((item): [string, bigint[]] => [
        `${item.storeId} ${item.currency} ${item.businessDate} ${item.hourStart} ${item.itemKey}`,
        [item.quantity, item.gross, item.net],
      ])
      .toSorted(byKey),
    tenders: changes.tenders
      .map((row): [string, bigint[]] => [
        `${row.storeId} ${row.currency} ${row.businessDate} ${row.method}`,
        [row.amount, row.tip, row.refunded, BigInt(row.payments)],
      ])
      .toSorted(byKey),
    open: changes.open
      .map((row): [string, bigint[]] => [
        `${row.storeId} ${row.currency}`,
        [row.amount, BigInt(row.orders)],
      ])
      .toSorted(byKey),
  };
}

describe("what a batch adds to the rollups", () => {
  const batches = fc.array(postings, { maxLength: 8 });

  it("is the plain sum of its postings, less what they replace, in rows that change something", () => {
    fc.assert(
      fc.property(batches, batches, (added, takenBack) => {
        expect(foldedChanges(added, takenBack)).toEqual(plainChanges(added, takenBack));
      }),
      { numRuns: 60 },
    );
  });

  it("is nothing where the same is taken back", () => {
    fc.assert(
      fc.property(batches, (batch) => {
        expect(rollupChanges({ added: batch, takenBack: batch })).toEqual({
          byHour: [],
          days: [],
          tenders: [],
          open: [],
        });
      }),
      { numRuns: 20 },
    );
  });

  it("lies in the hour that it belongs to", () => {
    fc.assert(
      fc.property(batches, (added) => {
        for (const { hour: at, windows, hours, items } of rollupChanges({ added, takenBack: [] })
          .byHour) {
          const place = { storeId: at.storeId, businessDate: at.businessDate };
          for (const row of [...windows, ...hours, ...items]) expect(row).toMatchObject(place);
          for (const { start } of hours) expect(start).toBe(at.start);
          for (const { hourStart } of items) expect(hourStart).toBe(at.start);
          for (const { start } of windows) expect(start - at.start).toBeLessThan(hourMs);
          expect(windows.length + hours.length + items.length).toBeGreaterThan(0);
        }
      }),
      { numRuns: 20 },
    );
  });
});

describe("the span of an hour's windows", () => {
  const spanOf = (...starts: readonly number[]) =>
    windowSpan({
      hour: { storeId: "s1", businessDate: "2026-11-21", start: 40 },
      windows: starts.map((start) => ({ start })),
      hours: [],
      items: [],
    } as unknown as HourChanges);

  it("goes from the first to the last, in whichever order they came", () => {
    expect(spanOf(55, 85, 70)).toEqual({ from: 55, to: 85 });
    expect(spanOf(85, 55)).toEqual({ from: 55, to: 85 });
  });

  it("is the hour's start where only items change", () => {
    expect(spanOf()).toEqual({ from: 40, to: 40 });
  });
});
