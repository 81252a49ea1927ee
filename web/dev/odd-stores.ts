import type {
  EntryRow,
  LiveFeed,
  LiveSnapshot,
  LiveWindow,
  OverviewRow,
} from "@tillcast/schemas/browser";
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
  odd("osaka", "Dotonbori", { currency: "JPY", dayNet: 1_150_000, orderSize: 40 }),
  odd("border", "At the Border", {
    bend: (snapshot) => ({
      ...snapshot,
      windows: [...snapshot.windows, soldAtNoon(snapshot, { net: "4200", currency: "CHF" })],
    }),
    bendRow: (row) => ({
      ...row,
      otherCurrencies: [{ currency: "CHF", net: "4200", orders: 1 }],
    }),
  }),
  odd("refunds", "Gave Back", {
    bend: (snapshot) => ({
      ...snapshot,
      windows: [soldAtNoon(snapshot, { net: "-19000", refund: "25000", orders: 6 })],
    }),
    bendRow: (row) => ({ ...row, net: "-19000", orders: 6 }),
  }),
  odd("kiosk", "Seventeen Cents", {
    bend: (snapshot) => ({ ...snapshot, windows: [soldAtNoon(snapshot, { net: "17" })] }),
    bendRow: (row) => ({ ...row, net: "17", orders: 1 }),
  }),
  odd("corrected", "Rang Up Wrongly", {
    bendEntries: ([first, ...others]) => (first === undefined ? [] : [...moved(first), ...others]),
  }),
];

/** One window at eight hours into the business day; a test names only what it is about. */
function soldAtNoon(
  { businessDate, dayStart, currency }: LiveSnapshot,
  changes: Partial<LiveWindow>,
): LiveWindow {
  const zero = { discount: "0", refund: "0", void: "0", tax: "0", tip: "0", gross: "0" };
  const start = dayStart + 8 * 3_600_000;
  const place = { businessDate, start, channel: "dine_in" as const, currency };
  return { ...place, ...zero, net: "0", orders: 1, guests: 0, ...changes };
}

/** An order that was rung up as takeaway and eaten in: three entries, and the same net in the end. */
function moved(entry: EntryRow): EntryRow[] {
  const recordedAt = new Date(Date.parse(entry.recordedAt) + 60_000).toISOString();
  const later = { recordedAt, kind: "correction" as const, orders: 0 };
  const zero = { charges: "0", tax: "0", tip: "0" };
  const back = { gross: `-${entry.net}`, net: `-${entry.net}` };
  const again = { gross: entry.net, net: entry.net };
  return [
    { ...entry, channel: "takeout" },
    { ...entry, ...later, ...zero, ...back, channel: "takeout", entryId: `${entry.entryId}-` },
    { ...entry, ...later, ...zero, ...again, channel: "dine_in", entryId: `${entry.entryId}+` },
  ];
}

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
