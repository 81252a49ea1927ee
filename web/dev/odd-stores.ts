import type { LiveFeed, LiveSnapshot, OverviewRow } from "@tillcast/schemas/browser";
import type { FakeStoreOptions } from "./fake-store-options.ts";

const usual = {
  dayNet: 240_000,
  level: 1,
  feedState: "live",
  hasForecast: true,
  opensAt: 8,
  closesAt: 23,
  timeZone: "Europe/Berlin",
  currency: "EUR",
} as const;

const nothingSold = (snapshot: LiveSnapshot): LiveSnapshot => ({
  ...snapshot,
  windows: [],
  open: [],
  lastWeek: [],
});

function neverHeard(feeds: readonly LiveFeed[]): LiveFeed[] {
  return feeds.map((feed) => ({ ...feed, state: "unknown", lastProofAt: null, watermark: null }));
}

/** Stores that go wrong in ways that were seen: each is one of them. */
export const oddStores: readonly FakeStoreOptions[] = [
  odd("imported", "Imported Shop", {
    hasForecast: false,
    bend: (snapshot) => ({
      ...nothingSold(snapshot),
      lastSalesDate: "2015-12-31",
      forecastReason: "No forecast has been made for today yet.",
      feeds: neverHeard(snapshot.feeds),
    }),
    bendRow: (row) => ({ ...nothing(row), lastSalesDate: "2015-12-31" }),
  }),
  odd("never", "Brand New", {
    hasForecast: false,
    daysKnown: 0,
    bend: (snapshot) => ({ ...nothingSold(snapshot), lastSalesDate: null, feeds: [] }),
    bendRow: (row) => ({ ...nothing(row), lastSalesDate: null, feeds: [] }),
  }),
  odd("young", "Three Days Old", {
    daysKnown: 3,
    bend: (snapshot) => ({
      ...snapshot,
      // What a forecaster says of a store that it hardly knows.
      forecast: snapshot.forecast && {
        ...snapshot.forecast,
        values: snapshot.forecast.values.map((row) => row.map(() => 0)),
      },
    }),
  }),
  odd("quiet", "No Heartbeats", {
    bend: (snapshot) => ({ ...snapshot, feeds: quiet(snapshot.feeds) }),
    bendRow: (row) => ({ ...row, feeds: quiet(row.feeds) }),
  }),
  odd("over", "Already Closed", { closesAt: 13 }),
  odd("rushed", "Sold Far More", { level: 4, dayNet: 900_000 }),
  odd("long", "Wirtshaus".repeat(12), {
    currency: "IDR",
    dayNet: 37_876_541_400,
    orderSize: 150_000,
  }),
  odd("arabic", "مطعم الشرق الكبير", {
    timeZone: "Asia/Kuwait",
    currency: "KWD",
    dayNet: 912_345_000,
    orderSize: 4_000,
  }),
  odd("sydney", "Bondi", { currency: "AUD" }),
  odd("boston", "Beacon Hill", { currency: "USD" }),
];

function nothing(row: OverviewRow): OverviewRow {
  return {
    ...row,
    net: "0",
    orders: 0,
    open: [],
    lastWeekSoFar: null,
    feeds: neverHeard(row.feeds),
  };
}

/** The last order lies forty minutes back on a whole ten minutes, so that its words stand still. */
function quiet(feeds: readonly LiveFeed[]): LiveFeed[] {
  return feeds.map((feed) => {
    const tenMinutes = 10 * 60_000;
    const at = (Math.round((feed.lastProofAt ?? 0) / tenMinutes) - 4) * tenMinutes;
    return { ...feed, state: "unknown", lastProofAt: at, watermark: null };
  });
}

function odd(storeId: string, name: string, changes: Partial<FakeStoreOptions>): FakeStoreOptions {
  return { ...usual, storeId, name, ...changes };
}
