import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import type { MutatedFile } from "./read-sources.ts";
import type { Ending } from "./score.ts";
import type { MutantResult, ShardJob } from "./shard-job.ts";

/** Beyond this many mutants a second process is worth its start. */
const mutantsPerProcess = 400;
/** Before the first result all tests run once, on a machine that may have other work. */
const firstResultMaxMs = 600_000;
/** A process that says nothing for so long computes without end where no switch stands. */
const silentMaxMs = 120_000;
const timeoutMs = 2_000;
const timeoutFactor = 10;

export interface TriedEnding {
  readonly ending: Ending;
  readonly by?: string;
}

/** Tries all mutants of a target's files; throws where the tests themselves are not fit for it. */
export async function tryMutants(
  files: readonly MutatedFile[],
  tests: readonly string[],
): Promise<Map<number, TriedEnding>> {
  const folder = mkdtempSync(join(tmpdir(), "tillcast-mutants-"));
  try {
    const endings = new Map<number, TriedEnding>();
    const atLoad: number[] = [];
    const ids = files.flatMap(({ mutants }) => mutants.map(({ id }) => id));
    const base = { files, tests, timeoutMs, timeoutFactor };
    const processes = Math.min(
      availableParallelism(),
      Math.max(1, Math.ceil(ids.length / mutantsPerProcess)),
    );
    const parts = Array.from({ length: processes }, (_, part) =>
      ids.filter((_id, index) => index % processes === part),
    );
    await Promise.all(
      parts.map((part, index) =>
        tryPart(join(folder, `part-${index}`), base, part, (id, ending) => {
          if (ending === "atLoad") atLoad.push(id);
          else endings.set(id, ending);
        }),
      ),
    );
    await tryFromStart(folder, base, atLoad, endings);
    return endings;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

type JobBase = Omit<ShardJob, "mutantIds" | "resultsFile">;

/** Goes on behind the mutant that brought the process down, until none is left. */
async function tryPart(
  folder: string,
  base: JobBase,
  mutantIds: readonly number[],
  onEnding: (id: number, ending: TriedEnding | "atLoad") => void,
): Promise<void> {
  let left = mutantIds;
  for (let attempt = 0; left.length > 0; attempt += 1) {
    const results = await runJob(`${folder}-${attempt}`, { ...base, mutantIds: left });
    const done = new Set<number>();
    let begun: number | undefined;
    for (const { id, outcome, by } of results) {
      begun = outcome === "begun" ? id : undefined;
      if (outcome === "begun") continue;
      done.add(id);
      onEnding(id, outcome === "atLoad" ? "atLoad" : endingOf(outcome, by));
    }
    if (begun !== undefined) {
      done.add(begun);
      onEnding(begun, { ending: "timedOut" });
    }
    if (done.size === 0) throw new Error("the tests ended before a mutant was tried");
    left = left.filter((id) => !done.has(id));
  }
}

const endingOf = (ending: Ending, by: string | undefined): TriedEnding =>
  by === undefined ? { ending } : { ending, by };

/** Each in processes of its own, since it has to be there as modules are loaded. */
async function tryFromStart(
  folder: string,
  base: JobBase,
  ids: readonly number[],
  endings: Map<number, TriedEnding>,
): Promise<void> {
  const waiting = [...ids];
  const work = async () => {
    for (let id = waiting.shift(); id !== undefined; id = waiting.shift()) {
      const job = { ...base, mutantIds: [], activeFromStart: id };
      const place = join(folder, `load-${id}`);
      const [first] = await runJob(place, job);
      // A process that said nothing did not end, or was brought down.
      if (first?.outcome === "killed") endings.set(id, endingOf("killed", first.by));
      else endings.set(id, { ending: first === undefined ? "timedOut" : "survived" });
    }
  };
  await Promise.all(Array.from({ length: Math.min(2, availableParallelism()) }, work));
}

type Tried = Extract<MutantResult, { id: number }>;

async function runJob(place: string, job: Omit<ShardJob, "resultsFile">): Promise<Tried[]> {
  const resultsFile = `${place}.results`;
  const jobFile = `${place}.json`;
  writeFileSync(resultsFile, "");
  writeFileSync(jobFile, JSON.stringify({ ...job, resultsFile } satisfies ShardJob));
  const child = spawn(process.execPath, [join(import.meta.dirname, "run-shard.ts"), jobFile], {
    stdio: ["ignore", "ignore", "inherit"],
    detached: true,
  });
  await untilEnded(child, resultsFile);
  const results = readFileSync(resultsFile, "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as MutantResult);
  const fault = results.find((result) => "fault" in result);
  if (fault !== undefined) throw new Error(fault.fault);
  return results.filter((result) => "id" in result);
}

/** Ends the process and the worker it started once nothing is heard of them for long. */
function untilEnded(child: ChildProcess, resultsFile: string): Promise<void> {
  const begunAt = Date.now();
  const watch = setInterval(() => {
    const { size, mtimeMs } = statSync(resultsFile);
    const isSilent =
      size === 0 ? Date.now() - begunAt > firstResultMaxMs : Date.now() - mtimeMs > silentMaxMs;
    if (isSilent && child.pid !== undefined) {
      process.kill(-child.pid, "SIGKILL");
    }
  }, 1_000);
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  child.once("exit", () => resolve());
  child.once("error", reject);
  return promise.finally(() => clearInterval(watch));
}
