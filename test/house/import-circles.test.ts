import { expect, it } from "vitest";
import { importCircles } from "./import-circles.ts";

const source = (path: string, ...imported: string[]) => ({
  path,
  room: "room",
  text: imported.map((name) => `import type { A } from "./${name}";`).join("\n"),
  lineCount: imported.length,
});

it("finds circles over several files, also of types alone", () => {
  const circle = [
    source("room/a.ts", "b.ts"),
    source("room/b.ts", "c.ts"),
    source("room/c.ts", "a.ts"),
    source("room/d.ts", "a.ts"),
  ];
  expect(importCircles(circle)).toEqual([["room/a.ts", "room/b.ts", "room/c.ts"]]);
});

it("finds a file that imports itself, and nothing where imports go one way", () => {
  expect(importCircles([source("room/a.ts", "a.ts")])).toEqual([["room/a.ts"]]);
  const diamond = [
    source("room/a.ts", "b.ts", "c.ts"),
    source("room/b.ts", "d.ts"),
    source("room/c.ts", "d.ts"),
    source("room/d.ts"),
  ];
  expect(importCircles(diamond)).toEqual([]);
});
