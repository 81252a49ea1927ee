import { addDays, businessDayBounds, DAY_MS, HOUR_MS } from "@tillcast/schemas";
import fc from "fast-check";
import { expect, test } from "vitest";
import { planDay, type Scenario } from "./day-plan.ts";
import { DELIVERY_TAIL_DAYS, type Delivery, dayDeliveries, deliveriesOf } from "./deliveries.ts";
import { openTimeOf } from "./demand.ts";
import { demoStores } from "./demo-stores.ts";
import { edgeStores } from "./edge-stores.ts";
import { closeoutsOf, type StoreProfile } from "./store-profile.ts";
import { storeProfiles } from "./store-profiles.ts";
import { heavyTrouble, noTrouble, stretchesOf, usualTrouble } from "./trouble.ts";

const heavy: Scenario = { seed: 5, accountId: "demo", trouble: heavyTrouble };
const start = Date.UTC(2026, 2, 28, 12);
const textOf = (delivery: Delivery) => JSON.stringify(delivery);

test("a stream cut anywhere is the same as the whole, in the order of arrival", () => {
  const range = { stores: edgeStores, scenario: heavy, fromMs: start, toMs: start + 2 * DAY_MS };
  const whole = [...deliveriesOf(range)].map(textOf);
  const times = [...deliveriesOf(range)].map((delivery) => delivery.deliverAt);
  expect(times).toEqual(times.toSorted((a, b) => a - b));
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 2 * DAY_MS }), (cut) => {
      const first = [...deliveriesOf({ ...range, toMs: start + cut })];
      const second = [...deliveriesOf({ ...range, fromMs: start + cut })];
      expect([...first, ...second].map(textOf)).toEqual(whole);
    }),
    { numRuns: 5 },
  );
});

test("no delivery comes before its day starts, nor after the days that are looked back at", () => {
  for (const profile of storeProfiles) {
    for (let day = 0; day < 10; day += 1) {
      const date = addDays("2026-03-25", day);
      const closeouts = closeoutsOf(profile);
      const from = businessDayBounds(date, profile.timeZone, closeouts).startMs;
      const last = addDays(date, DELIVERY_TAIL_DAYS);
      const to = businessDayBounds(last, profile.timeZone, closeouts).startMs;
      for (const { deliverAt } of dayDeliveries(profile, heavy, date)) {
        expect(deliverAt).toBeGreaterThanOrEqual(from);
        expect(deliverAt).toBeLessThan(to);
      }
    }
  }
});

test("every picture arrives at least once, however much trouble there is", () => {
  const profile = edgeStores[0] as StoreProfile;
  const pictures = planDay(profile, heavy, "2026-05-08").flatMap((story) =>
    story.pictures.map(({ order }) => JSON.stringify(order)),
  );
  const arrived = dayDeliveries(profile, heavy, "2026-05-08").map(({ order }) =>
    JSON.stringify(order),
  );
  expect(new Set(arrived)).toEqual(new Set(pictures));
  expect(arrived.length).toBeGreaterThan(pictures.length * 1.1);
});

test("some old pictures arrive after newer ones, and none do when nothing goes wrong", () => {
  const profile = demoStores[3] as StoreProfile;
  const overtaken = (scenario: Scenario) => {
    const newest = new Map<string, number>();
    return dayDeliveries(profile, scenario, "2026-05-08").filter(({ order }) => {
      const version = Number(order.version.vendorVersion);
      const isOld = version < (newest.get(order.orderId) ?? 0);
      if (!isOld) newest.set(order.orderId, version);
      return isOld;
    }).length;
  };
  expect(overtaken(heavy)).toBeGreaterThan(10);
  expect(overtaken({ ...heavy, trouble: noTrouble })).toBe(0);
});

test("nothing arrives while a till has no line, and nobody orders while it stands still", () => {
  let seen = 0;
  for (const profile of demoStores) {
    for (let day = 0; day < 10; day += 1) {
      const date = addDays("2026-05-01", day);
      for (const stretch of stretchesOf(profile, heavy.seed, date, heavy.trouble)) {
        seen += 1;
        const within = (atMs: number) => atMs >= stretch.startMs && atMs < stretch.endMs;
        const deliveries = dayDeliveries(profile, heavy, date);
        expect(deliveries.filter(({ deliverAt }) => within(deliverAt))).toEqual([]);
        if (stretch.kind === "outage") {
          const opened = deliveries.map(({ order }) => Date.parse(order.openedAt));
          expect(opened.filter(within)).toEqual([]);
        }
      }
    }
  }
  expect(seen).toBeGreaterThan(10);
});

test("at every hour of the week at least two demo stores are open and selling, in winter and summer", () => {
  const usual: Scenario = { seed: 1, accountId: "demo", trouble: usualTrouble };
  for (const weekStart of [Date.UTC(2025, 11, 22), Date.UTC(2026, 6, 13), Date.UTC(2026, 2, 23)]) {
    const selling = Array.from({ length: 168 }, () => new Set<string>());
    const open = Array.from({ length: 168 }, () => new Set<string>());
    const range = { fromMs: weekStart, toMs: weekStart + 7 * DAY_MS };
    for (const { deliverAt, order } of deliveriesOf({
      stores: demoStores,
      scenario: usual,
      ...range,
    })) {
      if (Date.parse(order.openedAt) < deliverAt - 2 * HOUR_MS) continue;
      selling[Math.floor((deliverAt - weekStart) / HOUR_MS)]?.add(order.locationId ?? "");
    }
    for (let hour = 0; hour < 168; hour += 1) {
      const atMs = weekStart + hour * HOUR_MS;
      for (const profile of demoStores) if (isOpen(profile, atMs)) open[hour]?.add(profile.key);
    }
    expect(Math.min(...open.map((stores) => stores.size))).toBeGreaterThanOrEqual(2);
    expect(Math.min(...selling.map((stores) => stores.size))).toBeGreaterThanOrEqual(2);
  }
});

/** Open in the middle of the hour that begins at `atMs`. */
function isOpen(profile: StoreProfile, atMs: number): boolean {
  const middleMs = atMs + HOUR_MS / 2;
  return [-1, 0, 1].some((day) => {
    const date = addDays(new Date(atMs).toISOString().slice(0, 10), day);
    const open = openTimeOf(profile, date);
    return open !== undefined && open.openMs <= middleMs && open.closeMs > middleMs;
  });
}
