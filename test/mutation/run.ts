/**
 * `npm run test:mutation [-- <target>... --files <path> --since <commit> --report <file>]`: changes the
 * product's arithmetic in small ways, one at a time, and says which changes no test notices. Ends with 1
 * below a target's floor.
 */
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { readTarget, unitTestsOf } from "./read-sources.ts";
import {
  type Explained,
  type Score,
  scoreLine,
  scoreOf,
  survivorLine,
  type TriedMutant,
  triedMutants,
} from "./score.ts";
import { type Target, targets } from "./targets.ts";
import { tryMutants } from "./try-mutants.ts";

const root = join(import.meta.dirname, "../..");
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    files: { type: "string", multiple: true },
    since: { type: "string" },
    report: { type: "string" },
  },
});

const readJson = <Value>(name: string): Value =>
  JSON.parse(readFileSync(join(import.meta.dirname, name), "utf8")) as Value;
const floors = readJson<Readonly<Record<string, number>>>("floors.json");
const explanations = readJson<readonly Explained[]>("explained.json");

const unknown = positionals.filter((name) => !targets.some((target) => target.name === name));
if (unknown.length > 0) {
  console.error(
    `No target is called ${unknown.join(", ")}; there are ${targets.map(({ name }) => name).join(", ")}.`,
  );
  process.exit(2);
}

/** Paths that were asked for; undefined for all. */
const wanted = wantedPaths();
const chosen = targets.filter(({ name }) => positionals.length === 0 || positionals.includes(name));
const report: { readonly score: Score; readonly mutants: readonly TriedMutant[] }[] = [];
let isGood = true;

for (const target of chosen) {
  const { score, tried } = await runTarget(target);
  if (tried.length === 0) continue;
  // A floor is for the whole of a target.
  const floor = wanted === undefined ? floors[target.name] : undefined;
  console.log(scoreLine(score, floor));
  for (const mutant of tried) {
    const isUnnoticed = mutant.ending === "survived" || mutant.ending === "unreached";
    if (isUnnoticed && mutant.explained === undefined) console.log(survivorLine(mutant));
  }
  for (const { path, code } of score.needless) {
    console.log(`  explained.json explains what is no survivor: ${path}, ${code}`);
  }
  const isBelow = floor !== undefined && score.percent < floor;
  if (isBelow) console.log(`${target.name} is below its floor of ${floor} %.`);
  if (isBelow || score.needless.length > 0) isGood = false;
  report.push({ score, mutants: tried });
}
if (values.report !== undefined) {
  writeFileSync(values.report, `${JSON.stringify(report, null, 2)}\n`);
}
process.exitCode = isGood ? 0 : 1;

async function runTarget(target: Target) {
  const files = readTarget(root, target).filter(
    ({ path }) => wanted === undefined || wanted.some((one) => path.startsWith(one)),
  );
  const endings =
    files.length === 0 ? new Map() : await tryMutants(files, unitTestsOf(root, target));
  const texts = files.map((file) => ({
    ...file,
    text: readFileSync(join(root, file.path), "utf8"),
  }));
  const tried = triedMutants(texts, endings, explanations);
  return { tried, score: scoreOf(target.name, tried, explanations) };
}

function wantedPaths(): string[] | undefined {
  const { files, since } = values;
  if (since === undefined) return files;
  const changed = execFileSync("git", ["diff", "--name-only", since], {
    cwd: root,
    encoding: "utf8",
  });
  return [...(files ?? []), ...changed.split("\n").filter((path) => path !== "")];
}
