import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { root } from "../../house/sources.ts";
import { guards } from "./guards.ts";
import { without } from "./unguarded-copy.ts";

test.each(guards)("the $name is where the fault run takes it away", ({ removals }) => {
  for (const removal of removals) {
    const text = readFileSync(join(root, removal.path), "utf8");
    expect(without(text, removal)).not.toBe(text);
  }
});
