import { beforeEach, expect, test, vi } from "vitest";
import type { CodeSource } from "./lost-code.ts";

const lost = new TypeError("Failed to fetch dynamically imported module: /assets/Stores-1.js");

function source(changes: Partial<CodeSource> = {}): CodeSource {
  return {
    own: () => "/assets/index-1.js",
    newest: async () => "/assets/index-1.js",
    mendStyles: async () => undefined,
    nextChance: async () => undefined,
    ...changes,
  };
}

beforeEach(() => void vi.resetModules());

test("code that was lost is asked for until it comes", async () => {
  const { codeState, loadCode } = await import("./lost-code.ts");
  const seen: string[] = [];
  let attempts = 0;
  const part = await loadCode(
    async () => {
      seen.push(codeState());
      attempts += 1;
      if (attempts < 4) throw lost;
      return "page";
    },
    source({ newest: () => Promise.reject(new Error("no network")) }),
  );
  expect(part).toBe("page");
  expect(seen).toEqual(["whole", "waiting", "waiting", "waiting"]);
  expect(codeState()).toBe("whole");
});

test("a server with another build is told from one that is away", async () => {
  const { codeState, loadCode, lookForUpdate } = await import("./lost-code.ts");
  await lookForUpdate(source({ newest: () => Promise.reject(new Error("no network")) }));
  await lookForUpdate(source());
  expect(codeState()).toBe("whole");
  let attempts = 0;
  const newer = source({ newest: async () => "/assets/index-2.js" });
  await loadCode(async () => {
    attempts += 1;
    if (attempts === 1) throw lost;
  }, newer);
  expect(codeState()).toBe("updated");
});

test("a fault of the code itself is not asked for again", async () => {
  const { loadCode } = await import("./lost-code.ts");
  await expect(
    loadCode(() => Promise.reject(new TypeError("x is undefined")), source()),
  ).rejects.toThrow("x is undefined");
});
