import type { Pool } from "pg";
import type { Clock } from "../../clock.ts";
import { encodeJobChanged } from "../jobs/announce-job.ts";
import { findJobs } from "../jobs/job-rows.ts";
import { declareLoop } from "../loops/declare-loop.ts";
import { type Loop, startLoop } from "../loops/start-loop.ts";
import { forgetChanges, loadWaitingChanges, type WaitingChange } from "./change-rows.ts";
import { isSayable, type SayableChange, type SayDeps, sayChanges } from "./say-changes.ts";

/** Whoever wrote a change tells of it within this time, unless that failed. */
const olderThanMs = 1_000;
const maxCount = 500;

const changesLoop = declareLoop({
  name: "changes",
  does: "tells what changed of forecasts, feeds and jobs and was not told yet, until it was",
  every: 500,
  lease: "changes",
});

/** Starts telling what was not told; `olderThanMs` is for tests. */
export function publishChanges(
  deps: SayDeps & { readonly clock: Clock; readonly olderThanMs?: number },
): Loop {
  const { pool, log, clock } = deps;
  return startLoop(changesLoop, {
    pool,
    log,
    async step() {
      const limits = { olderThanMs: deps.olderThanMs ?? olderThanMs, maxCount };
      const waiting = await loadWaitingChanges(pool, limits);
      if (waiting.length === 0) return false;
      const ofJobs = waiting.filter(({ record }) => record === null);
      const jobs = await jobsAsTheyStand(pool, ofJobs, clock.now());
      await sayChanges(deps, [...waiting.filter(isSayable), ...jobs]);
      // What is left is of jobs that were swept.
      await forgetChanges(pool, ofJobs);
      return waiting.length === maxCount;
    },
  });
}

/** One record for each job that changed, of its row as it is now; so the last that is told is how it stands. */
async function jobsAsTheyStand(
  pool: Pool,
  changes: readonly WaitingChange[],
  nowMs: number,
): Promise<SayableChange[]> {
  const newest = new Map(changes.map((change) => [change.subject, change]));
  const jobs = await findJobs(pool, [...newest.keys()]);
  return jobs.flatMap((job) => {
    const change = newest.get(job.jobId);
    return change === undefined ? [] : [{ ...change, record: encodeJobChanged(job, nowMs) }];
  });
}
