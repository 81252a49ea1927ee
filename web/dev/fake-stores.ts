import type { FakeStoreOptions } from "./fake-store-options.ts";

const usual = {
  dayNet: 240_000,
  level: 1,
  feedState: "live",
  hasForecast: true,
  opensAt: 11,
  closesAt: 23,
} as const;

/** Stores of several countries and moods; seen at 14:40 in Berlin each shows another face of the page. */
export const fakeStores: readonly FakeStoreOptions[] = [
  store("berlin", "Trattoria Mitte", "Europe/Berlin", "EUR", { level: 0.84 }),
  store("london", "Soho Kitchen", "Europe/London", "GBP", { level: 1.45, opensAt: 8 }),
  store("delhi", "Khan Market", "Asia/Kolkata", "INR", { dayNet: 9_800_000, level: 0.98 }),
  store("porto", "Ribeira", "Europe/Lisbon", "EUR", { feedState: "late", opensAt: 9 }),
  store("vienna", "Naschmarkt", "Europe/Vienna", "EUR", { feedState: "unreachable", opensAt: 9 }),
  store("tokyo", "Shibuya Counter", "Asia/Tokyo", "JPY", {
    dayNet: 310_000,
    closesAt: 22,
    feedState: "closed",
  }),
  store("newyork", "Canal Street", "America/New_York", "USD", { opensAt: 11.5 }),
  store("kuwait", "Salmiya", "Asia/Kuwait", "KWD", { dayNet: 900_000, hasForecast: false }),
];

function store(
  storeId: string,
  name: string,
  timeZone: string,
  currency: string,
  changes: Partial<FakeStoreOptions>,
): FakeStoreOptions {
  return { ...usual, storeId, name, timeZone, currency, ...changes };
}
