import { addDays, businessDayBounds, type OrderPushInput } from "@tillcast/schemas";
import { expect, test } from "vitest";
import { planDay, type Scenario } from "./day-plan.ts";
import { deliveriesOf } from "./deliveries.ts";
import { edgeStores } from "./edge-stores.ts";
import { deliverHistory, type HistoryOptions, type HistoryProgress } from "./history.ts";
import { closeoutsOf } from "./store-profile.ts";
import { heavyTrouble } from "./trouble.ts";

const scenario: Scenario = { seed: 9, accountId: "demo", trouble: heavyTrouble };
const stores = edgeStores.slice(0, 2);

function run(changes: Partial<HistoryOptions> = {}) {
  const batches: OrderPushInput[][] = [];
  const days: HistoryProgress[] = [];
  const delivered = deliverHistory({
    stores,
    scenario,
    fromDate: "2026-03-01",
    toDate: "2026-03-04",
    untilMs: Number.POSITIVE_INFINITY,
    deliver: async (orders) => void batches.push(orders),
    onDayDone: (progress) => void days.push(progress),
    ...changes,
  });
  return { delivered, batches, days };
}

const keyOf = (order: OrderPushInput) => `${order.orderId}#${order.version.vendorVersion}`;

test("the past arrives in bounded batches, and every order in its last version", async () => {
  const { delivered, batches } = run({ batchMaxCount: 100 });
  expect(await delivered).toBe(batches.flat().length);
  expect(Math.max(...batches.map((batch) => batch.length))).toBe(100);
  const arrived = new Set(batches.flat().map(keyOf));
  for (const profile of stores) {
    for (let day = 0; day < 4; day += 1) {
      for (const { pictures } of planDay(profile, scenario, addDays("2026-03-01", day))) {
        expect(arrived).toContain(keyOf(pictures.at(-1)?.order as OrderPushInput));
      }
    }
  }
  expect(batches.flat().some((order) => order.status === "open")).toBe(false);
});

test("progress names each store's day once its orders are accepted, and ends at 1", async () => {
  const { delivered, days } = run();
  await delivered;
  expect(days.map(({ storeKey, businessDate }) => `${storeKey} ${businessDate}`)).toHaveLength(8);
  expect(days.at(-1)?.fraction).toBe(1);
  expect(days.map(({ fraction }) => fraction)).toEqual(days.map((_, at) => (at + 1) / 8));
});

test("a run that broke off goes on where it was and leaves nothing out", async () => {
  const whole = run();
  await whole.delivered;
  let taken = 0;
  const broken = run({
    batchMaxCount: 50,
    deliver: async () => {
      taken += 1;
      if (taken > 8) throw new Error("the database is away");
    },
  });
  await expect(broken.delivered).rejects.toThrow("the database is away");
  expect(broken.days.length).toBeGreaterThan(0);
  const known = new Set(broken.days.map(({ storeKey, businessDate }) => storeKey + businessDate));
  const rest = run({ isDone: (storeKey, businessDate) => known.has(storeKey + businessDate) });
  await rest.delivered;
  const skipped = stores.flatMap((profile) =>
    Array.from({ length: 4 }, (_, day) => addDays("2026-03-01", day))
      .filter((date) => known.has(profile.key + date))
      .flatMap((date) => planDay(profile, scenario, date).map((story) => story.orderId)),
  );
  const ids = (orders: OrderPushInput[]) => new Set(orders.map((order) => order.orderId));
  expect(new Set([...ids(rest.batches.flat()), ...skipped])).toEqual(ids(whole.batches.flat()));
  expect(rest.days.at(-1)?.fraction).toBe(1);
});

test("history and the live stream after it are together all that ever arrives", async () => {
  const profile = stores[0] as (typeof stores)[number];
  const bounds = (date: string) => businessDayBounds(date, profile.timeZone, closeoutsOf(profile));
  const nowMs = bounds("2026-03-04").startMs + 15 * 3_600_000;
  const past = run({ stores: [profile], openPictures: true, untilMs: nowMs });
  await past.delivered;
  const range = { stores: [profile], scenario, toMs: bounds("2026-03-12").startMs };
  const live = [...deliveriesOf({ ...range, fromMs: nowMs })].map(({ order }) => order);
  const all = [...deliveriesOf({ ...range, fromMs: bounds("2026-03-01").startMs })];
  const ofTheseDays = ({ orderId }: OrderPushInput) => /-2026030[1-4]-/.test(orderId);
  const expected = all.map(({ order }) => order).filter(ofTheseDays);
  const actual = [...past.batches.flat(), ...live].filter(ofTheseDays);
  expect(actual.map(keyOf).sort()).toEqual(expected.map(keyOf).sort());
});

test("an aborted run stops between two batches", async () => {
  const stop = new AbortController();
  const { delivered, batches } = run({ signal: stop.signal, batchMaxCount: 10 });
  stop.abort(new Error("stopped"));
  await expect(delivered).rejects.toThrow("stopped");
  expect(batches.length).toBeLessThan(3);
});
