import {
  expectedUntil,
  forecastSteps,
  landingOf,
  type OverviewRow,
} from "@tillcast/schemas/browser";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { storeRow } from "../stores/store-rows.ts";
import { type DayPicture, dayPicture } from "./day-picture.ts";
import { toldShare } from "./deviation.ts";
import type { Cut } from "./heard.ts";
import { hourRows } from "./hour-rows.ts";
import { applySnapshot, applyWindows } from "./live-state.ts";
import { leadText, type Standing, standingText } from "./sentence.ts";
import {
  at,
  feed,
  forecast,
  pastSnapshot,
  QUARTER_MS,
  snapshot,
  update,
  window,
} from "./testing/builders.ts";

/** A push, a void of it, or more given back than sold. */
const sale = fc.record({
  quarter: fc.nat(47),
  net: fc.oneof(fc.integer({ min: 0, max: 400_000 }), fc.integer({ min: -50_000, max: 50 })),
});
const day = fc.record({
  sales: fc.array(sale, { maxLength: 12 }),
  perStep: fc.oneof(fc.constant(0), fc.nat(60_000), fc.constant(3)),
  daysKnown: fc.oneof(fc.constant(14), fc.nat(14)),
  hour: fc.double({ min: 4, max: 27.9, noNaN: true }),
  state: fc.constantFrom("live", "late", "unknown", "unreachable", "closed"),
  cut: fc.constantFrom<Cut | null>(null, "deviceOffline", "unreachable"),
  isPast: fc.boolean(),
  lastWeek: fc.option(fc.integer({ min: -2_000, max: 300_000 })),
});

type Day = typeof day extends fc.Arbitrary<infer Made> ? Made : never;

function snapshotOf({ perStep, daysKnown, state, hour, isPast, lastWeek }: Day) {
  const make = isPast ? pastSnapshot : snapshot;
  return make({
    daysKnown,
    forecast: forecast(perStep),
    feeds: [feed({ state, watermark: at(hour) - QUARTER_MS })],
    lastWeek: lastWeek === null ? [] : [{ start: at(12), net: String(lastWeek) }],
  });
}

/** The pictures after each push. */
function* pictures(made: Day): Generator<DayPicture> {
  let state = applySnapshot(snapshotOf(made));
  const heard = { until: at(made.hour), cut: made.cut };
  yield dayPicture(state, at(made.hour), heard);
  for (const [index, { quarter, net }] of made.sales.entries()) {
    const windows = [window({ start: at(11) + quarter * QUARTER_MS, net: String(net) })];
    state = applyWindows(state, update({ prevSeq: index, seq: index + 1, windows })).state;
    yield dayPicture(state, at(made.hour), heard);
  }
}

/** What a percentage stands for: an amount against an expectation that it lies outside of. */
function holds(net: bigint | null, expected: Standing["expected"], daysKnown: number): void {
  const amount = Number(net);
  expect(daysKnown).toBe(14);
  expect(amount).toBeGreaterThan(0);
  if (expected === null) throw new Error("a percentage of nothing");
  expect(expected.p50).toBeGreaterThan(0);
  expect(amount < expected.p10 || amount > expected.p90).toBe(true);
}

/** The row of the list, as the gateway makes it of the same day. */
function overviewRow(made: Day, picture: DayPicture): OverviewRow {
  const { feeds } = snapshotOf(made);
  const issued = forecast(made.perStep);
  const now = at(made.hour);
  return {
    storeId: "s",
    name: "Trattoria",
    timeZone: "Europe/Berlin",
    currency: "EUR",
    country: null,
    groups: [],
    closedFrom: null,
    closeoutMinute: 240,
    businessDate: picture.businessDate,
    countedWhen: "paid",
    net: String(picture.net),
    orders: picture.orders,
    open: [],
    otherCurrencies: [],
    expectedSoFar: expectedUntil(forecastSteps(issued, QUARTER_MS), now),
    landing: landingOf(issued, QUARTER_MS, { counted: Number(picture.net), from: now }),
    lastWeekSoFar: made.lastWeek === null ? null : String(made.lastWeek),
    lastSalesDate: picture.businessDate,
    daysKnown: made.daysKnown,
    feeds,
  };
}

describe("over any pushes between two issues, a percentage is told only where it means something", () => {
  test("in the page's sentence and beside its figures", () => {
    fc.assert(
      fc.property(day, (made) => {
        for (const picture of pictures(made)) {
          const { net, expected, daysKnown } = picture;
          const words = standingText(picture);
          const isOfForecast = /% (below|above) (expected|what was expected)/.test(words);
          if (isOfForecast) holds(net, expected, daysKnown);
          else if (words.includes("%")) {
            expect([daysKnown, picture.phase]).toEqual([14, "past"]);
            expect(net).toBeGreaterThan(0n);
            expect(picture.lastWeekSoFar).toBeGreaterThan(0n);
          }
          expect(words).not.toMatch(/\b100% below|\d,\d+%|NaN|Infinity|undefined/);
          if (toldShare(picture.deviation) !== null) holds(net, expected, daysKnown);
        }
      }),
      { numRuns: 300 },
    );
  });

  test("beside its hours", () => {
    fc.assert(
      fc.property(day, (made) => {
        for (const picture of pictures(made)) {
          for (const row of hourRows(picture)) {
            if (toldShare(row.deviation) === null) continue;
            holds(row.net, row.expectedSoFar ?? row.expected, picture.daysKnown);
          }
        }
      }),
      { numRuns: 300 },
    );
  });

  test("in the list", () => {
    fc.assert(
      fc.property(day, (made) => {
        for (const picture of pictures({ ...made, isPast: false })) {
          const row = storeRow(overviewRow(made, picture), at(made.hour), made.cut);
          const words = leadText(row);
          const share = toldShare(row.deviation);
          if (words.includes("%") || share !== null) holds(row.net, row.expected, row.daysKnown);
          expect(words).not.toMatch(/\b100% below|\d,\d+%|NaN|Infinity|undefined/);
        }
      }),
      { numRuns: 300 },
    );
  });
});
