import { makeManualClock } from "@tillcast/core";
import { DAY_MS, HOUR_MS, type OrderPushInput } from "@tillcast/schemas";
import { expect, test } from "vitest";
import type { Scenario } from "./day-plan.ts";
import { deliveriesOf } from "./deliveries.ts";
import { demoStores } from "./demo-stores.ts";
import {
  HEARTBEAT_MS,
  type LiveOptions,
  type SimulatedHeartbeat,
  startLiveSimulation,
} from "./live.ts";
import { heavyTrouble, noTrouble, stretchesOf } from "./trouble.ts";

const berlin = demoStores.slice(0, 1);
const heavy: Scenario = { seed: 4, accountId: "demo", trouble: heavyTrouble };
const keyOf = (order: OrderPushInput) => `${order.orderId}#${order.version.vendorVersion}`;

/** Runs a simulation whose sleeps turn the clock, until the clock shows `untilMs`. */
async function simulate(startMs: number, untilMs: number, changes: Partial<LiveOptions> = {}) {
  const clock = makeManualClock(startMs);
  const delivered: { atMs: number; order: OrderPushInput }[] = [];
  const beats: { atMs: number; beat: SimulatedHeartbeat }[] = [];
  const errors: unknown[] = [];
  const sleepers: { dueMs: number; wake: () => void }[] = [];
  const stop = new AbortController();
  const simulation = startLiveSimulation({
    stores: berlin,
    scenario: heavy,
    clock,
    deliver: async (orders) => {
      for (const order of orders) delivered.push({ atMs: clock.now(), order });
    },
    heartbeat: async (beat) => void beats.push({ atMs: clock.now(), beat }),
    onError: (error) => errors.push(error),
    signal: stop.signal,
    sleep: (durationMs) =>
      new Promise((resolve) => {
        sleepers.push({ dueMs: clock.now() + durationMs, wake: resolve });
      }),
    ...changes,
  });
  while (clock.now() < untilMs) {
    // All that can run has run once both loops sleep.
    while (sleepers.length < 2) await new Promise((resolve) => setImmediate(resolve));
    sleepers.sort((a, b) => a.dueMs - b.dueMs);
    const next = sleepers.shift();
    clock.set(Math.max(clock.now(), Math.min(next?.dueMs ?? untilMs, untilMs)));
    if (clock.now() < untilMs) next?.wake();
    else if (next !== undefined) sleepers.push(next);
  }
  stop.abort();
  for (const { wake } of sleepers) wake();
  await simulation.stop();
  return { delivered, beats, errors };
}

const evening = Date.UTC(2026, 4, 6, 17);

test("a start delivers what today already holds, then each order when it is due", async () => {
  const untilMs = evening + HOUR_MS;
  const { delivered } = await simulate(evening, untilMs);
  const range = { stores: berlin, scenario: heavy, fromMs: Date.UTC(2026, 4, 6, 2) };
  const expected = [...deliveriesOf({ ...range, toMs: untilMs })];
  expect(delivered.map(({ order }) => keyOf(order))).toEqual(
    expected.map(({ order }) => keyOf(order)),
  );
  expected.forEach(({ deliverAt }, at) => {
    const atMs = delivered[at]?.atMs ?? 0;
    expect(atMs).toBeGreaterThanOrEqual(Math.max(deliverAt, evening));
    expect(atMs - Math.max(deliverAt, evening)).toBeLessThanOrEqual(1_000);
  });
});

test("a restart repeats orders in the same versions and makes up none", async () => {
  const first = await simulate(evening, evening + HOUR_MS);
  const second = await simulate(evening + HOUR_MS / 2, evening + 2 * HOUR_MS);
  const whole = await simulate(evening, evening + 2 * HOUR_MS);
  const pictures = (run: typeof first) => run.delivered.map(({ order }) => JSON.stringify(order));
  expect(new Set([...pictures(first), ...pictures(second)])).toEqual(new Set(pictures(whole)));
});

test("a delivery that fails is tried again until it is taken, and nothing overtakes it", async () => {
  const taken: OrderPushInput[] = [];
  let calls = 0;
  const { errors } = await simulate(evening, evening + HOUR_MS, {
    deliver: async (orders) => {
      calls += 1;
      if (calls % 3 !== 0) throw new Error("not now");
      taken.push(...orders);
    },
  });
  const plain = await simulate(evening, evening + HOUR_MS);
  expect(errors.length).toBeGreaterThan(10);
  const expected = plain.delivered.map(({ order }) => keyOf(order)).slice(0, taken.length);
  expect(taken.map(keyOf)).toEqual(expected);
});

test("tills say every 30 s that they live, and not while they have no line", async () => {
  const [profile] = berlin;
  if (profile === undefined) throw new Error("there is no such store");
  const date = Array.from(
    { length: 28 },
    (_, day) => `2026-05-${String(day + 1).padStart(2, "0")}`,
  ).find((day) => stretchesOf(profile, heavy.seed, day, heavyTrouble).length === 1);
  const [stretch] = stretchesOf(profile, heavy.seed, date ?? "", heavyTrouble);
  if (stretch === undefined) throw new Error("no day has a stretch");
  const startMs = stretch.startMs - 10 * 60_000;
  const { beats } = await simulate(startMs, stretch.endMs + 10 * 60_000);
  const gaps = beats.slice(1).map(({ atMs }, at) => atMs - (beats[at]?.atMs ?? 0));
  expect(gaps.filter((gapMs) => gapMs !== HEARTBEAT_MS)).toHaveLength(1);
  expect(Math.max(...gaps)).toBeGreaterThanOrEqual(stretch.endMs - stretch.startMs);
  for (const { atMs, beat } of beats)
    expect(Date.parse(beat.completeUntil)).toBeLessThanOrEqual(atMs);
});

test("at speed 60 an hour of trade takes a minute", async () => {
  const scenario = { ...heavy, trouble: noTrouble };
  const { delivered } = await simulate(evening, evening + 60_000, { scenario, speed: 60 });
  const fromMs = Date.UTC(2026, 4, 6, 2);
  const range = { stores: berlin, scenario, fromMs, toMs: evening + HOUR_MS };
  expect(delivered.length).toBe([...deliveriesOf(range)].length);
});

test("an idle simulation ends when it is stopped, and stopping twice is harmless", async () => {
  const simulation = startLiveSimulation({
    stores: berlin,
    scenario: { ...heavy, trouble: noTrouble },
    clock: makeManualClock(Date.UTC(2026, 4, 6, 2) + DAY_MS),
    deliver: async () => {},
    heartbeat: async () => {},
  });
  await Promise.all([simulation.stop(), simulation.stop()]);
  await simulation.finished;
});
