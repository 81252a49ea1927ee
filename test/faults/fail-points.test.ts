import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { failPointJournal, failPointNames } from "@tillcast/core";
import { expect, test } from "vitest";
import { failPointFolder, reach } from "../../core/fail-points.ts";
import { isTest, sourcesOf, workspaces } from "../house/sources.ts";

test("the table of fail points names those in the sources, each once, and no other", () => {
  const sources = workspaces.flatMap(sourcesOf).filter(({ path }) => !isTest(path));
  const marked = sources
    .filter(({ path }) => path !== "core/fail-points.ts")
    .flatMap(({ text }) => [...text.matchAll(/await failPoint\("([^"]+)"\)/g)])
    .map((match) => match[1]);
  expect(marked.sort()).toEqual([...failPointNames].sort());
});

test("a production environment has no fail points, whatever else it says", () => {
  expect(failPointFolder({})).toBeUndefined();
  expect(failPointFolder({ TILLCAST_FAIL_POINTS: "/orders" })).toBe("/orders");
  expect(
    failPointFolder({ TILLCAST_FAIL_POINTS: "/orders", NODE_ENV: "production" }),
  ).toBeUndefined();
});

test("a fail point does once what its file says, and writes that down", async () => {
  const folder = mkdtempSync(join(tmpdir(), "tillcast-fail-points-"));
  try {
    await reach(folder, "ledger.midBatch");
    expect(readdirSync(folder)).toEqual([]);
    writeFileSync(join(folder, "ledger.midBatch"), "fail");
    await expect(reach(folder, "ledger.midBatch")).rejects.toThrow("ledger.midBatch");
    await reach(folder, "ledger.midBatch");
    const journal = readFileSync(join(folder, failPointJournal), "utf8");
    expect(JSON.parse(journal)).toEqual({
      name: "ledger.midBatch",
      action: "fail",
      pid: process.pid,
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
