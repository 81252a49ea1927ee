import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { loopsOfTheHouse, loopsTable } from "./house/loops-table.ts";
import { isTest, root, sourcesOf, workspaces } from "./house/sources.ts";

const read = (path: string) => readFileSync(join(root, path), "utf8");

/** Files that keep a timer of their own, each with its reason. */
const timers: Readonly<Record<string, string>> = {
  "cli/bin.js":
    "it watches for the end of the shell that started it, before anything of ours is loaded",
  "core/work/lease.ts": "the ping is a part of the lease that loops stand on",
};

it("keeps docs/loops.md equal to the loops that the code declares", async () => {
  const loops = await loopsOfTheHouse();
  expect(loops.length).toBeGreaterThan(12);
  expect(read("docs/loops.md")).toContain(`${loopsTable(loops)}\n`);
  const settings = read(".env.example");
  const named = loops.flatMap(({ every }) => (typeof every === "string" ? [every] : []));
  expect(named.filter((name) => !settings.includes(`${name}=`))).toEqual([]);
});

it("starts no timer that repeats but through a declared loop", () => {
  const sources = workspaces
    // The dashboard runs in a browser, whose timers end with the page.
    .filter((workspace) => workspace !== "web")
    .flatMap(sourcesOf)
    .filter(({ path }) => !isTest(path));
  const bare = sources
    .filter(({ path, text }) => /\bsetInterval\(/.test(text) && !(path in timers))
    .map(({ path }) => path);
  expect(bare).toEqual([]);
  const settled = Object.keys(timers).filter(
    (path) =>
      !sources.some((source) => source.path === path && /\bsetInterval\(/.test(source.text)),
  );
  expect(settled).toEqual([]);
});
