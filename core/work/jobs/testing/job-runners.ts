/** What the tests of jobs stand on: runners that look often, and handlers that end when told. */

import { randomUUID } from "node:crypto";
import type { Pool } from "pg";
import { vi } from "vitest";
import { silentLogger as log } from "../../../logging.ts";
import type { JobHandler, JobKind } from "../job-kind.ts";
import type { Job } from "../job-rows.ts";
import { type JobLimits, type JobRunner, runJobs } from "../run-jobs.ts";

const fast: Partial<JobLimits> = {
  pollMs: 10,
  progressEveryMs: 10,
  heartbeatMs: 50,
  retryPauseMs: 10,
};

/** A kind of which two run at once in a process. */
export const kind = (name: string, run: JobHandler, more: Partial<JobKind> = {}): JobKind => ({
  name,
  run,
  atOnce: 2,
  ...more,
});

/** Waits until a check passes. */
export const until = (check: () => Promise<void> | void): Promise<void> =>
  vi.waitFor(check, { timeout: 15_000, interval: 20 });

/** The runners of one test. */
export interface TestRunners {
  /** Starts one; answers it and the changes that it has told so far. */
  run(
    handlers: Record<string, JobHandler> | readonly JobKind[],
    limits?: Partial<JobLimits>,
  ): { readonly runner: JobRunner; readonly changes: readonly Job[] };
  stopAll(): Promise<void>;
}

/** Starts runners, each as a process of its own would, and stops them all at a test's end. */
export function makeRunners(pool: Pool): TestRunners {
  let runners: JobRunner[] = [];
  return {
    run(
      handlers: Record<string, JobHandler> | readonly JobKind[],
      limits: Partial<JobLimits> = {},
    ) {
      const changes: Job[] = [];
      const kinds = Array.isArray(handlers)
        ? (handlers as readonly JobKind[])
        : Object.entries(handlers).map(([name, handler]) => kind(name, handler));
      const onChange = (job: Job) => void changes.push(job);
      const runner = runJobs({ pool, kinds, log, onChange, limits: { ...fast, ...limits } });
      runners.push(runner);
      return { runner, changes };
    },
    async stopAll() {
      await Promise.all(runners.map((runner) => runner.stop()));
      runners = [];
    },
  };
}

/** Makes a tenant, and answers its id. */
export async function addTenant(pool: Pool): Promise<string> {
  const tenantId = randomUUID();
  await pool.query("insert into tenant (tenant_id, name) values ($1, 'Trattoria')", [tenantId]);
  return tenantId;
}

/** Jobs whose payload is a name, and that run until they are told to end. */
export interface Desk {
  /** Names in the order in which their jobs started. */
  readonly began: readonly string[];
  /** Names of the jobs that run now. */
  names(): string[];
  end(name: string): void;
  readonly handler: JobHandler;
}

/** Opens a desk. */
export function makeDesk(): Desk {
  const underWay = new Map<string, string>();
  const ends = new Map<string, () => void>();
  const began: string[] = [];
  return {
    began,
    names: () => [...underWay.values()].sort(),
    end: (name: string) => ends.get(name)?.(),
    handler: (job, { signal }) =>
      new Promise<void>((resolve) => {
        const name = job.payload as string;
        underWay.set(job.jobId, name);
        began.push(name);
        const end = () => {
          underWay.delete(job.jobId);
          resolve();
        };
        ends.set(name, end);
        signal.addEventListener("abort", end);
      }),
  };
}
