import { expect, test, vi } from "vitest";
import { silentLogger } from "../logging.ts";
import { startPolling } from "./polling.ts";

test("work is done until none is left, and a wake-up cuts the rest short", async () => {
  let waiting = 3;
  let done = 0;
  const polling = startPolling({
    name: "test",
    everyMs: 60_000,
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
  polling.wake();
  await vi.waitFor(() => expect(done).toBe(5));
  await polling.stop();
  await polling.stop();
});

test("a wake-up during a step is not lost: the next step follows at once", async () => {
  let steps = 0;
  const [begun, ended] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const polling = startPolling({
    name: "test",
    everyMs: 60_000,
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
  polling.wake();
  ended.resolve();
  await vi.waitFor(() => expect(steps).toBe(2));
  await polling.stop();
});

test("a step that throws does not end the loop", async () => {
  let steps = 0;
  const polling = startPolling({
    name: "test",
    everyMs: 1,
    log: silentLogger,
    async step() {
      steps += 1;
      if (steps < 3) throw new Error("database away");
      return false;
    },
  });
  await vi.waitFor(() => expect(steps).toBeGreaterThan(3));
  await polling.stop();
  const stoppedAt = steps;
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(steps).toBe(stoppedAt);
});
