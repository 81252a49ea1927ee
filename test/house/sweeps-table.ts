import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { declaredSweeps, type Sweep } from "@tillcast/core/work";
import { isTest, root, sourcesOf, workspaces } from "./sources.ts";

/** Every sweep that the product declares. */
export async function sweepsOfTheHouse(): Promise<readonly Sweep[]> {
  const sources = workspaces
    .flatMap(sourcesOf)
    .filter((source) => !isTest(source.path) && /\bdeclare(Sweep|Deletion)\(\{/.test(source.text));
  for (const { path } of sources) await import(pathToFileURL(join(root, path)).href);
  return declaredSweeps();
}

/** The sweeps as a table of `docs/running.md`. */
export const sweepsTable = (sweeps: readonly Sweep[]): string =>
  [
    "| table | what goes | after | because |",
    "|---|---|---|---|",
    ...sweeps.map(({ table, what, days, because }) => {
      const age = days === 1 ? "1 day" : `${days} days`;
      return `| \`${table}\` | ${what} | ${age} | ${because} |`;
    }),
  ].join("\n");
