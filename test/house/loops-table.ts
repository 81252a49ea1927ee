import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { declaredLoops, type LoopDeclaration } from "@tillcast/core/work";
import { isTest, root, sourcesOf, workspaces } from "./sources.ts";

/** Every loop that the product declares, with the file that does. */
export async function loopsOfTheHouse(): Promise<readonly LoopDeclaration[]> {
  const sources = workspaces
    .flatMap(sourcesOf)
    .filter((source) => !isTest(source.path) && source.text.includes("declareLoop({"));
  for (const { path } of sources) await import(pathToFileURL(join(root, path)).href);
  return declaredLoops();
}

/** The loops as a table of `docs/loops.md`. */
export const loopsTable = (loops: readonly LoopDeclaration[]): string =>
  [
    "| loop | a turn | every | in | stops |",
    "|---|---|---|---|---|",
    ...loops.map(({ name, does, every, lease, stops }) =>
      [
        `| ${name}`,
        does,
        typeof every === "string" ? `\`${every}\`` : duration(every),
        lease === undefined ? "every process" : `one process, by the lease \`${lease}\``,
        `${stops ?? "after the turn under way"} |`,
      ].join(" | "),
    ),
  ].join("\n");

function duration(ms: number): string {
  if (ms < 1_000) return `${ms} ms`;
  return ms < 60_000 ? `${ms / 1_000} s` : `${ms / 60_000} min`;
}
