import { describe, expect, test } from "vitest";
import { makeTurnstile } from "./turnstile.ts";

describe("a turnstile", () => {
  test("lets in so many at once, the others in their order", async () => {
    const turnstile = makeTurnstile(2, 10);
    const began: number[] = [];
    const finish: (() => void)[] = [];
    const work = [0, 1, 2, 3].map((index) =>
      turnstile(() => {
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
    const turnstile = makeTurnstile(1, 1);
    await expect(turnstile(() => Promise.reject(new Error("broken")))).rejects.toThrow("broken");
    expect(await turnstile(async () => "whole")).toBe("whole");
  });

  test("refuses when too many wait", async () => {
    const turnstile = makeTurnstile(1, 1);
    const held = turnstile(() => new Promise<void>(() => undefined));
    const waits = turnstile(async () => undefined);
    await expect(turnstile(async () => undefined)).rejects.toMatchObject({ code: "overloaded" });
    void held;
    void waits;
  });
});
