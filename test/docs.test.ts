import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { filesBelow, root } from "./house/sources.ts";

const documents = ["README.md", "CHANGELOG.md", ...filesBelow("docs")].filter(
  (path) => path.endsWith(".md") && existsSync(join(root, path)),
);
const scripts = new Set(
  Object.keys(
    (JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { scripts: object }).scripts,
  ),
);
const commands = filesBelow("cli/commands").map((path) => path.replace(/^.*\/|\.ts$/g, ""));

describe.each(documents)("%s", (path) => {
  const text = readFileSync(join(root, path), "utf8");

  it("names files that exist", () => {
    const named = [...text.matchAll(/`([a-z][\w.-]*(?:\/[\w.-]+)+\.(?:ts|tsx|md|json|sql|yml))`/g)];
    const linked = [...text.matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map((match) =>
      join(path, "..", match[1] ?? ""),
    );
    const missing = [...named.map((match) => match[1] ?? ""), ...linked].filter(
      (file) => !existsSync(join(root, file)),
    );
    expect(missing).toEqual([]);
  });

  it("names scripts and commands that exist", () => {
    const run = [...text.matchAll(/npm run ([a-z][a-z:-]*)/g)].map((match) => match[1] ?? "");
    expect(run.filter((script) => !scripts.has(script))).toEqual([]);
    const called = [...text.matchAll(/npx tillcast ([a-z]+(?:-[a-z]+)*)/g)].map(
      (match) => match[1] ?? "",
    );
    expect(called.filter((command) => !commands.includes(command))).toEqual([]);
  });
});

it("read the guides, and not an empty folder", () => {
  expect(documents.length).toBeGreaterThan(8);
});
