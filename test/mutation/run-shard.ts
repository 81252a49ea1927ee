/** `node run-shard.ts <job.json>`: starts Vitest on a job, its files instrumented as they are loaded. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { startVitest } from "vitest/node";
import { instrument } from "./instrument.ts";
import type { ShardJob } from "./shard-job.ts";

const root = join(import.meta.dirname, "../..");
const [jobFile = ""] = process.argv.slice(2);
const job = JSON.parse(readFileSync(jobFile, "utf8")) as ShardJob;
const byPath = new Map(job.files.map(({ path, mutants }) => [join(root, path), mutants]));

const vitest = await startVitest(
  "test",
  [],
  {
    config: false,
    root,
    include: [...job.tests],
    environment: "node",
    runner: join(import.meta.dirname, "mutation-runner.ts"),
    env: { MUTATION_JOB: jobFile },
    watch: false,
    // One failing test is enough to know of the only mutant.
    ...(job.activeFromStart === undefined ? {} : { bail: 1 }),
    pool: "forks",
    isolate: false,
    // It would serve what was instrumented for another run.
    fsModuleCache: false,
    fileParallelism: false,
    maxWorkers: 1,
    testTimeout: 600_000,
    hookTimeout: 600_000,
    teardownTimeout: 600_000,
    reporters: [{}],
    silent: true,
    dangerouslyIgnoreUnhandledErrors: true,
  },
  {
    plugins: [
      {
        name: "mutants",
        enforce: "pre",
        transform(code, id) {
          const mutants = byPath.get(id);
          if (mutants === undefined) return null;
          const file = ts.createSourceFile(id, code, ts.ScriptTarget.ESNext, true);
          return { code: instrument(file, mutants), map: null };
        },
      },
    ],
  },
);
await vitest.close();
process.exit(0);
