import { afterEach, expect, test, vi } from "vitest";
import { makeHealth } from "./health.ts";

afterEach(() => vi.useRealTimers());

test("the process is ready when every check passes", async () => {
  const health = makeHealth();
  health.register("database", async () => undefined);
  expect(await health.readiness()).toEqual({
    ready: true,
    checks: [{ name: "database", ok: true }],
  });
});

test("one failing check makes it unready, and says why", async () => {
  const health = makeHealth();
  health.register("database", async () => undefined);
  health.register("log", () => Promise.reject(new Error("closed")));
  const readiness = await health.readiness();
  expect(readiness.ready).toBe(false);
  expect(readiness.checks[1]).toEqual({ name: "log", ok: false, reason: "closed" });
});

test("a check that never answers fails by its time limit", async () => {
  vi.useFakeTimers();
  const health = makeHealth();
  health.register("stuck", () => new Promise(() => undefined));
  const readiness = health.readiness();
  await vi.advanceTimersByTimeAsync(2_000);
  expect((await readiness).checks[0]?.reason).toBe("no answer in 2000 ms");
});
