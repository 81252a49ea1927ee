import type { OverviewRow } from "@tillcast/schemas/browser";
import fc from "fast-check";
import { expect, test } from "vitest";
import { feed } from "../live/testing/builders.ts";
import { keepOrder, movesBetween, wantedOrder } from "./store-order.ts";
import { idleText, otherCurrenciesText, storeRow, totalsByCurrency } from "./store-rows.ts";

const NOW = 1_000_000;

function row(storeId: string, changes: Partial<OverviewRow> = {}) {
  const expectedSoFar = { low: 600, p10: 800, p50: 1_000, p90: 1_200, high: 1_400 };
  const overview: OverviewRow = {
    storeId,
    name: storeId,
    timeZone: "Europe/Berlin",
    currency: "EUR",
    country: null,
    groups: [],
    closedFrom: null,
    closeoutMinute: 240,
    businessDate: "2026-11-21",
    countedWhen: "paid",
    net: "1000",
    orders: 3,
    open: [],
    otherCurrencies: [],
    expectedSoFar,
    landing: { low: 6_000, p10: 8_000, p50: 10_000, p90: 12_000, high: 14_000 },
    lastWeekSoFar: null,
    lastSalesDate: "2026-11-21",
    daysKnown: 14,
    feeds: [feed()],
    ...changes,
  };
  return storeRow(overview, NOW);
}

test("stores that need someone come first, and those that cannot be compared last", () => {
  const rows = [
    row("fine"),
    row("high", { net: "1500" }),
    row("low", { net: "400" }),
    row("closed", {
      net: "100",
      feeds: [feed({ state: "closed" })],
      landing: { low: 100, p10: 100, p50: 104, p90: 110, high: 112 },
    }),
    row("unknown", { expectedSoFar: null }),
  ];
  expect(wantedOrder(rows, "deviation")).toEqual(["low", "fine", "high", "closed", "unknown"]);
  expect(wantedOrder(rows, "name")).toEqual(["closed", "fine", "high", "low", "unknown"]);
});

test("a till that is closed for the afternoon does not end the day", () => {
  const feeds = [feed({ state: "closed" })];
  expect(row("pause", { feeds }).phase).toBe("trading");
  const landing = { low: 1_000, p10: 1_000, p50: 1_040, p90: 1_100, high: 1_200 };
  const ended = row("ended", { feeds, landing });
  expect([ended.phase, ended.landing]).toEqual(["closed", null]);
});

test("a store that has not opened is not below expected", () => {
  const early = { low: -40, p10: 0, p50: 20, p90: 60, high: 90 };
  const { phase, deviation } = row("early", { net: "0", orders: 0, expectedSoFar: early });
  expect([phase, deviation]).toEqual(["beforeOpening", undefined]);
});

test("a store that has sold nothing for more than a week is told by its last sales", () => {
  const told = (lastSalesDate: string | null) => idleText(row("idle", { lastSalesDate }));
  expect(told("2015-12-31")).toBe("Last sales 31 Dec 2015");
  expect(told("2026-11-13")).toBe("Last sales 13 Nov 2026");
  expect([told("2026-11-14"), told("2026-11-21"), told(null)]).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
});

test("a store whose data is late is not compared with the present", () => {
  const late = row("late", { net: "10", feeds: [feed({ state: "late" })] });
  expect([late.deviation, late.expected]).toEqual([undefined, null]);
});

test("an order on the screen holds: stores only leave it, or join at its end", () => {
  const ids = fc.uniqueArray(fc.constantFrom(..."abcdefgh"), { maxLength: 8 });
  fc.assert(
    fc.property(ids, ids, (shown, wanted) => {
      const kept = keepOrder(shown, wanted);
      expect([...kept].sort()).toEqual([...wanted].sort());
      const stayed = shown.filter((id) => wanted.includes(id));
      expect(kept.slice(0, stayed.length)).toEqual(stayed);
      expect(movesBetween(wanted, wanted)).toBe(0);
    }),
  );
});

test("totals are made per currency and never across", () => {
  const rows = [row("a"), row("b", { net: "500" }), row("c", { currency: "GBP", net: "7" })];
  expect(totalsByCurrency(rows)).toEqual([
    { currency: "EUR", net: 1_500n, stores: 2 },
    { currency: "GBP", net: 7n, stores: 1 },
  ]);
});

test("sales in another currency are told beside the store's own, and are no empty day", () => {
  const early = { low: -40, p10: 0, p50: 20, p90: 60, high: 90 };
  const abroad = row("abroad", {
    net: "0",
    orders: 0,
    expectedSoFar: early,
    otherCurrencies: [
      { currency: "CHF", net: "500", orders: 1 },
      { currency: "USD", net: "1250", orders: 2 },
    ],
  });
  expect(otherCurrenciesText(abroad)).toBe(
    "Also CHF\u00a05.00 and $12.50, apart from these figures",
  );
  expect(abroad.phase).toBe("trading");
  expect(otherCurrenciesText(row("home"))).toBeUndefined();
});
