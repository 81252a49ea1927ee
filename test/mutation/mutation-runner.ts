/**
 * Runs in Vitest's worker, as its runner: it runs all test files once, notes which test reaches which
 * mutant, and then runs for each mutant the tests that reach it, until one fails. Modules are loaded once
 * for all mutants, so that a mutant costs no more than its tests.
 */
import { appendFileSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { type RunnerTask, type RunnerTestCase, type RunnerTestFile, TestRunner } from "vitest";
import type { MutantResult, ShardJob } from "./shard-job.ts";

const job = JSON.parse(readFileSync(process.env.MUTATION_JOB ?? "", "utf8")) as ShardJob;

/** A test that was run once without any mutant. */
interface RunTest {
  readonly name: string;
  readonly run: () => unknown;
  readonly ms: number;
}

/** Reached while modules were loaded: switched on later, such a mutant would change nothing. */
const reachedAtLoad = new Set<number>();
const reachedBy = new Map<number, RunTest[]>();
const tests: RunTest[] = [];
let filesRun = 0;

/** What the current test has reached; what modules reach as they are loaded goes elsewhere. */
let reached = reachedAtLoad;
let active: number | undefined = job.activeFromStart;
let isNoting = true;
let calls = 0;
let giveUpAt = Number.POSITIVE_INFINITY;

class OutOfTime extends Error {}

Object.assign(globalThis, {
  __mutantIsOn(id: number): boolean {
    if (isNoting) reached.add(id);
    calls += 1;
    // Looking at the clock each time would take longer than the tests.
    if ((calls & 255) === 0 && performance.now() > giveUpAt) throw new OutOfTime();
    return id === active;
  },
});

// The same numbers each time, so that a mutant that is found is found again; and no search for the smallest
// input that finds it.
fc.configureGlobal({ seed: 20_261_130, endOnFailure: true });

const note = (result: MutantResult) =>
  appendFileSync(job.resultsFile, `${JSON.stringify(result)}\n`);

export default class MutationRunner extends TestRunner {
  override async onBeforeRunTask(test: RunnerTestCase): Promise<void> {
    await super.onBeforeRunTask(test);
    reached = new Set();
  }

  override onAfterRunTask(test: RunnerTestCase): void {
    super.onAfterRunTask(test);
    const run = TestRunner.getTestFn(test);
    if (test.result?.state === "pass") {
      const ran = { name: test.name, run, ms: test.result.duration ?? 0 };
      tests.push(ran);
      for (const id of reached) reachedBy.set(id, [...(reachedBy.get(id) ?? []), ran]);
    } else if (test.result?.state === "fail" && job.activeFromStart === undefined) {
      note({ fault: `${test.name} fails without any mutant` });
    } else if (test.result?.state === "fail" && job.activeFromStart !== undefined) {
      note({ id: job.activeFromStart, outcome: "killed", by: test.name });
    }
    reached = reachedAtLoad;
  }

  override async onAfterRunFiles(files: RunnerTestFile[]): Promise<void> {
    super.onAfterRunFiles(files);
    filesRun += 1;
    for (const file of files) noteBroken(file);
    if (filesRun < job.tests.length) return;
    if (job.activeFromStart !== undefined) {
      note({ id: job.activeFromStart, outcome: "survived" });
      return;
    }
    isNoting = false;
    // The files' own folders and the like are there again.
    for (const file of allFiles) await runHooks(file, "beforeAll");
    await tryAll();
    for (const file of allFiles) await runHooks(file, "afterAll");
  }

  override onCollectStart(file: RunnerTestFile): void {
    super.onCollectStart(file);
    allFiles.push(file);
  }
}

const allFiles: RunnerTestFile[] = [];

/** A file that cannot be loaded has no test that fails. */
function noteBroken({ name, result }: RunnerTestFile): void {
  if (result?.state !== "fail") return;
  if (job.activeFromStart === undefined) note({ fault: `${name} fails without any mutant` });
  else note({ id: job.activeFromStart, outcome: "killed", by: name });
}

async function runHooks(suite: RunnerTask, which: "beforeAll" | "afterAll"): Promise<void> {
  if (suite.type !== "suite") return;
  for (const hook of TestRunner.getSuiteHooks(suite)[which]) await hook(suite as never);
  for (const task of suite.tasks) await runHooks(task, which);
}

async function tryAll(): Promise<void> {
  active = undefined;
  const unfit = await firstFailing(tests, Number.POSITIVE_INFINITY);
  if (unfit !== undefined) note({ fault: `${unfit.by} fails when it is run a second time` });
  for (const id of job.mutantIds) await tryOne(id);
}

/** Less than what a process may be silent. */
const withinMaxMs = 60_000;

async function tryOne(id: number): Promise<void> {
  const atLoad = reachedAtLoad.has(id);
  const reaching = (reachedBy.get(id) ?? []).toSorted((a, b) => a.ms - b.ms);
  if (reaching.length === 0) {
    note({ id, outcome: atLoad ? "atLoad" : "unreached" });
    return;
  }
  // Should the process end here, this line says at which mutant.
  note({ id, outcome: "begun" });
  active = id;
  const ms = reaching.reduce((sum, test) => sum + test.ms, 0);
  const withinMs = Math.min(job.timeoutMs + ms * job.timeoutFactor, withinMaxMs);
  const failing = await firstFailing(reaching, withinMs);
  active = undefined;
  if (failing === undefined) note({ id, outcome: atLoad ? "atLoad" : "survived" });
  else note({ id, outcome: failing.isLate ? "timedOut" : "killed", by: failing.by });
}

interface Failing {
  readonly by: string;
  readonly isLate: boolean;
}

async function firstFailing(
  reaching: readonly RunTest[],
  withinMs: number,
): Promise<Failing | undefined> {
  giveUpAt = performance.now() + withinMs;
  for (const { name, run } of reaching) {
    try {
      await inTime(Promise.resolve().then(run), giveUpAt - performance.now());
    } catch (error) {
      const isLate = error instanceof OutOfTime || performance.now() > giveUpAt;
      giveUpAt = Number.POSITIVE_INFINITY;
      return { by: name, isLate };
    }
  }
  giveUpAt = Number.POSITIVE_INFINITY;
  return undefined;
}

/** Ends what waits for something that never comes; what computes without end is ended by the switches. */
async function inTime(work: Promise<unknown>, withinMs: number): Promise<void> {
  if (withinMs === Number.POSITIVE_INFINITY) {
    await work;
    return;
  }
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new OutOfTime()), Math.max(1, withinMs));
  try {
    await Promise.race([work, promise]);
  } finally {
    clearTimeout(timer);
  }
}
