import { describe, expect, test } from "vitest";
import { makeLimiter } from "./limiter.ts";

describe("a limiter", () => {
  test("runs as many at once as allowed, the others in their order", async () => {
    const limiter = makeLimiter({ atOnce: 2, waitingMax: 10 });
    const began: number[] = [];
    const finish: (() => void)[] = [];
    const work = [0, 1, 2, 3].map((index) =>
      limiter(() => {
        began.push(index);
        return new Promise<number>((resolve) => finish.push(() => resolve(index)));
      }),
    );
    await Promise.resolve();
    expect(began).toEqual([0, 1]);
    finish[1]?.();
    expect(await work[1]).toBe(1);
    expect(began).toEqual([0, 1, 2]);
    finish[0]?.();
    finish[2]?.();
    await Promise.all([work[0], work[2]]);
    finish[3]?.();
    expect(await work[3]).toBe(3);
  });

  test("goes on after work that failed", async () => {
    const limiter = makeLimiter({ atOnce: 1, waitingMax: 1 });
    await expect(limiter(() => Promise.reject(new Error("broken")))).rejects.toThrow("broken");
    expect(await limiter(async () => "whole")).toBe("whole");
  });

  test("refuses when too many wait", async () => {
    const limiter = makeLimiter({ atOnce: 1, waitingMax: 1 });
    const held = limiter(() => new Promise<void>(() => undefined));
    const waits = limiter(async () => undefined);
    await expect(limiter(async () => undefined)).rejects.toMatchObject({ code: "overloaded" });
    void held;
    void waits;
  });
});
