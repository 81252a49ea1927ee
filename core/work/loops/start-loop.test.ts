import { expect, test, vi } from "vitest";
import { silentLogger } from "../../logging.ts";
import { makeMetrics } from "../../telemetry.ts";
import { declaredLoops, declareLoop } from "./declare-loop.ts";
import { showLoops } from "./loop-turns.ts";
import { startLoop } from "./start-loop.ts";

const slowLoop = declareLoop({ name: "slow", does: "a test", every: 60_000 });
const quickLoop = declareLoop({ name: "quick", does: "a test", every: 1 });

test("work is done until none is left, and a wake-up cuts the rest short", async () => {
  let waiting = 3;
  let done = 0;
  const loop = startLoop(slowLoop, {
    log: silentLogger,
    async step() {
      if (waiting === 0) return false;
      waiting -= 1;
      done += 1;
      return true;
    },
  });
  await vi.waitFor(() => expect(done).toBe(3));
  waiting = 2;
  loop.wake();
  await vi.waitFor(() => expect(done).toBe(5));
  await loop.stop();
  await loop.stop();
});

test("a wake-up during a step is not lost: the next step follows at once", async () => {
  let steps = 0;
  const [begun, ended] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const loop = startLoop(slowLoop, {
    log: silentLogger,
    async step() {
      steps += 1;
      if (steps > 1) return false;
      begun.resolve();
      await ended.promise;
      return false;
    },
  });
  await begun.promise;
  loop.wake();
  ended.resolve();
  await vi.waitFor(() => expect(steps).toBe(2));
  await loop.stop();
});

test("a step that throws does not end the loop", async () => {
  let steps = 0;
  const loop = startLoop(quickLoop, {
    log: silentLogger,
    async step() {
      steps += 1;
      if (steps < 3) throw new Error("database away");
      return false;
    },
  });
  await vi.waitFor(() => expect(steps).toBeGreaterThan(3));
  await loop.stop();
  const stoppedAt = steps;
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(steps).toBe(stoppedAt);
});

const secondsOf = async (metrics: ReturnType<typeof makeMetrics>, line: string) => {
  const found = (await metrics.text()).split("\n").find((one) => one.startsWith(line));
  return found === undefined ? undefined : Number(found.split(" ").at(-1));
};

test("metrics tell how long ago a loop's last good turn was, and how often one failed", async () => {
  const metrics = makeMetrics();
  showLoops(metrics);
  const failingLoop = declareLoop({ name: "failing", does: "a test", every: 1 });
  let isBroken = false;
  const loop = startLoop(failingLoop, {
    log: silentLogger,
    async step() {
      if (isBroken) throw new Error("database away");
    },
  });
  const age = () => secondsOf(metrics, 'tillcast_loop_last_turn_seconds{loop="failing"}');
  const failures = () => secondsOf(metrics, 'tillcast_loop_failures_total{loop="failing"}');
  expect(await failures()).toBe(0);
  isBroken = true;
  await vi.waitFor(async () => expect(await failures()).toBeGreaterThan(2));
  await vi.waitFor(async () => expect(await age()).toBeGreaterThan(0.02));
  isBroken = false;
  await vi.waitFor(async () => expect(await age()).toBeLessThan(0.02));
  await loop.stop();
  expect(await age()).toBeUndefined();
});

test("each loop has a name of its own", () => {
  expect(() => declareLoop({ name: "slow", does: "another", every: 1 })).toThrow("two loops");
  expect(declaredLoops().map(({ name }) => name)).toContain("slow");
});
